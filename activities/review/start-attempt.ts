import { ApplicationFailure } from '@temporalio/activity';
import type { BeginsAt, CloseInput } from '../../domain/close.ts';
import { latestAttempt } from '../../infra/postgres/close/attempt.ts';
import type { Deps } from '../deps.ts';

/** The attempt must be numbered above `after`, so that it saw what was decided. */
export type WantedAttempt = Omit<CloseInput, 'cause'> & { cause: 'rerun' | 'decision'; after: number };

const reads = (has: BeginsAt, wanted: BeginsAt): boolean => has === 'capture' || wanted === 'reconcile';

/**
 * Starts an attempt unless one with a higher number has begun: its own earlier try, or a sibling exception's, serves as
 * well. While an older one still runs, it fails for a later try: joining that one would carry out nothing.
 */
export async function startAttemptAfter({ db, engine }: Deps, wanted: WantedAttempt): Promise<void> {
  const { after, ...input } = wanted;
  const latest = await latestAttempt(db, input.clientId, input.businessDate);
  if (latest && latest.attempt > after && reads(latest.beginsAt, input.beginsAt)) return;
  if (!latest?.open && (await engine.startOwnClose(input))) return;
  throw ApplicationFailure.create({ message: 'an attempt of the day still runs', type: 'AttemptRunning' });
}
