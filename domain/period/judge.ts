import { needsAnother, type PeriodState, type PeriodVerb, periodAfter } from './table.ts';

export type Period = {
  state: PeriodState;
  /** Who looked at it last, while it is soft-closed or locked. */
  closedBy: string | null;
  /** What was looked at then: it names the versions of all numbers. */
  seenHash: string | null;
  /** Who asked for it to be opened, while it is `reopening`. */
  reopeningBy: string | null;
};

/** Who says it. `onBehalfOf` makes nobody another person, in either direction. */
export type PeriodSpeaker = { actor: string; onBehalfOf: string | null; service: boolean };

/** `take`: it becomes `to`. `nothing`: it is that already. Else why it may not be said now, or not by this one. */
export type PeriodJudgement =
  | { as: 'take'; to: PeriodState }
  | { as: 'nothing' }
  | { as: 'refuse'; because: 'state' | 'person'; why: string };

const refuse = (because: 'state' | 'person', why: string): PeriodJudgement => ({ as: 'refuse', because, why });

const CANNOT: Readonly<Partial<Record<PeriodState, string>>> = {
  open: 'The month is open: soft-close it first, then another person locks it.',
  locked: 'The month is locked. Reopen it first, which takes two people and a reason.',
  reopening: 'The month is locked, and its reopening waits for a second person.',
};

function firstOf({ state, closedBy, reopeningBy }: Period, verb: PeriodVerb): string | null {
  if (!needsAnother(state, verb)) return null;
  return verb === 'lock' ? closedBy : reopeningBy;
}

const DID: Readonly<Partial<Record<PeriodVerb, string>>> = {
  lock: 'has soft-closed it; another person must lock it.',
  reopen: 'has asked for the reopening; another person must agree to it.',
};

const isUnchanged = (period: Period, to: PeriodState, seenHash: string): boolean =>
  period.state === to && (to !== 'soft_closed' || period.seenHash === seenHash);

/**
 * Judges what a verb does to a month, but for its checklist. Saying again what holds changes nothing.
 * @param seenHash names what the month's numbers are now
 */
export function judgePeriod(
  period: Period,
  verb: PeriodVerb,
  { actor, onBehalfOf, service }: PeriodSpeaker,
  seenHash: string,
): PeriodJudgement {
  const to = periodAfter(period.state, verb);
  if (to === undefined) return refuse('state', CANNOT[period.state] ?? '');
  if (service) return refuse('person', `Months are closed by people, and the token of ${actor} belongs to a service.`);
  if (isUnchanged(period, to, seenHash)) return { as: 'nothing' };
  const first = firstOf(period, verb);
  if (first !== null && [actor, onBehalfOf].includes(first)) return refuse('person', `${first} ${DID[verb]}`);
  return { as: 'take', to };
}
