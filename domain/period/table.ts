/**
 * States of a month. `soft_closed`: its numbers were looked at, nothing in it is revised by itself, and it may be
 * opened by anyone with the right; `locked`: its numbers never change; `reopening`: locked still, and one person has
 * asked for it to be opened.
 */
export const PERIOD_STATES = ['open', 'soft_closed', 'locked', 'reopening'] as const;
export type PeriodState = (typeof PERIOD_STATES)[number];

export const PERIOD_VERBS = ['close', 'lock', 'reopen'] as const;
export type PeriodVerb = (typeof PERIOD_VERBS)[number];

type Moves = Readonly<Partial<Record<PeriodState, PeriodState>>>;

/** Everything that can be done to a month, and what it becomes by it: what stands nowhere here cannot be done. */
export const PERIOD_TABLE: Readonly<Record<PeriodVerb, Moves>> = {
  // Said again, it looks at the month anew.
  close: { open: 'soft_closed', soft_closed: 'soft_closed' },
  // Said of a month that is to be opened, it takes that back.
  lock: { soft_closed: 'locked', locked: 'locked', reopening: 'locked' },
  reopen: { open: 'open', soft_closed: 'open', locked: 'reopening', reopening: 'open' },
};

/** Moves that take another person than the one who made the move before. */
const SECOND: Readonly<Partial<Record<PeriodVerb, PeriodState>>> = { lock: 'soft_closed', reopen: 'reopening' };

/** The state that a verb leads to; undefined where it cannot be said. */
export const periodAfter = (state: PeriodState, verb: PeriodVerb): PeriodState | undefined => PERIOD_TABLE[verb][state];

export const needsAnother = (state: PeriodState, verb: PeriodVerb): boolean => SECOND[verb] === state;

/** Its numbers stand as they were locked: what comes late is posted to a later month. */
export const isLocked = (state: PeriodState): boolean => state === 'locked' || state === 'reopening';
