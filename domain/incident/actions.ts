import { type Verb, verbRow } from '../exception/table.ts';

/** What a person decided; `fix` is the title of the fix that was applied. */
export type DecidedFact = { verb: Verb; reason: string; fix: string | null };

/** How an exception ended, and by whose decision, where one led to it. */
export type Ending = { message: string; resolution: string | null; decided: (DecidedFact & { actor: string }) | null };

const unstopped = (text: string): string => text.replace(/\.$/, '');

const didOf = ({ verb, fix }: DecidedFact): string =>
  verb === 'apply_fix' && fix !== null ? `applied the fix "${fix}"` : verbRow(verb).did;

/** "applied the fix "Read "preis" as price": the column was renamed" */
export const decidedWords = (decided: DecidedFact): string => `${didOf(decided)}: ${unstopped(decided.reason)}`;

const RESOLUTIONS: Readonly<Record<string, string>> = {
  'no longer found': 'it is no longer found',
  accepted: 'it was accepted',
  kept: 'the number is kept as it was published',
  delivered: 'it was delivered after all',
  rejected: 'it was rejected',
};

function endingWords({ message, resolution, decided }: Ending): string {
  const how = decided
    ? `${decided.actor} ${decidedWords(decided)}`
    : (RESOLUTIONS[resolution ?? ''] ?? resolution ?? 'it has ended');
  return `${unstopped(message)}: ${how}`;
}

/** Why an incident is over whose exceptions have ended, each way of ending once. */
export const causeOfEndings = (endings: readonly Ending[]): string =>
  `${[...new Set(endings.map(endingWords))].join('; ')}.`;
