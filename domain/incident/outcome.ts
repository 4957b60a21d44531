import { type ExceptionState, hasEnded } from '../exception/table.ts';

/** What came of an incident for the numbers of its day. */
export type IncidentOutcome = 'mended' | 'accepted' | 'kept' | 'rejected' | 'unsettled';

type Ending = { state: ExceptionState; resolution: string | null };

/** The outcome that weighs most: somebody may end an incident before its exceptions have ended. */
export function outcomeOf(exceptions: readonly Ending[]): IncidentOutcome {
  if (exceptions.some((one) => !hasEnded(one.state))) return 'unsettled';
  if (exceptions.some((one) => one.state === 'rejected')) return 'rejected';
  const ended = (resolution: string) => exceptions.some((one) => one.resolution === resolution);
  return ended('kept') ? 'kept' : ended('accepted') ? 'accepted' : 'mended';
}
