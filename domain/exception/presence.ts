import type { Person } from '../../schemas/operating-model.ts';
import { addDays, businessDate, dayBounds } from '../business-day.ts';
import { holds } from '../calendar.ts';

type Times = Pick<Person, 'timezone' | 'leave' | 'until'>;

/** Whether somebody has left the team, on the date that it is in their own zone. */
export const hasLeft = ({ timezone, until }: Times, atMs: number): boolean =>
  until !== undefined && businessDate(atMs, timezone) > until;

/** Whether somebody is on leave, or has left, on the date that it is in their own zone. */
export const isAway = (person: Times, atMs: number): boolean =>
  hasLeft(person, atMs) || (person.leave ?? []).some((range) => holds(range, businessDate(atMs, person.timezone)));

/** The next instant after `fromMs` at which a person goes: a leave begins, or the last day has ended; null for never. */
export function goesAt({ timezone, leave = [], until }: Times, fromMs: number): number | null {
  const firstDays = [
    ...leave.map((range) => range.split('/')[0]!),
    ...(until === undefined ? [] : [addDays(until, 1)]),
  ];
  const starts = firstDays.map((date) => dayBounds(date, timezone).startMs).filter((startMs) => startMs > fromMs);
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Who is responsible from an instant on. */
export type Shift<P> = { person: P; fromMs: number };

/** The first of a chain who is there; where nobody is, its last, for somebody must have it. */
function present<P extends Times>(chain: readonly P[], atMs: number): number {
  const index = chain.findIndex((person) => !isAway(person, atMs));
  return index === -1 ? chain.length - 1 : index;
}

/**
 * Who of a chain (owner, deputy, whom it escalates to) is responsible from `nowMs` on. Whoever is away is passed over;
 * whoever goes hands over to the next who is there, and does not get it back.
 */
export function shiftsFrom<P extends Times>(chain: readonly P[], nowMs: number): Shift<P>[] {
  const shifts: Shift<P>[] = [];
  let fromMs: number | null = nowMs;
  let rest = chain;
  while (fromMs !== null && rest.length > 0) {
    const index = present(rest, fromMs);
    const person: P = rest[index]!;
    shifts.push({ person, fromMs });
    rest = rest.slice(index + 1);
    fromMs = rest.length === 0 ? null : goesAt(person, fromMs);
  }
  return shifts;
}
