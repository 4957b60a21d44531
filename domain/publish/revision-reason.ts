/** Why a published number has a further version. */
export type RevisionReason = 'late_arrival' | 'source_revised' | 'definition_change' | 'error';

const WORDS: Readonly<Record<RevisionReason | 'reopened', string>> = {
  reopened: 'taken back, for its month was reopened',
  late_arrival: 'late arrival',
  source_revised: 'revised by its source',
  definition_change: 'new definition',
  error: 'error put right',
};

/** A revision's reason as its readers see it; a code that is not known here stays as it is. */
export const revisionReasonWords = (reason: string): string => WORDS[reason as keyof typeof WORDS] ?? reason;
