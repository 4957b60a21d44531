import type { Person, WorkingHours } from '../../schemas/operating-model.ts';
import { parseDuration } from '../duration.ts';
import { addWorkingTime, workingTimeBetween } from '../working-time.ts';
import { goesAt, type Shift, shiftsFrom } from './presence.ts';

/** What the chain does by itself, in the order in which steps of one instant are taken. */
export const STEPS = ['hand_over', 'reminder', 'deputy', 'overdue'] as const;
export type Step = (typeof STEPS)[number];

export type LadderTerms = { decideWithin: string; reminder?: string; deputyAfter?: string };
type Hours = Readonly<Record<string, WorkingHours>>;
type Asked = Pick<Person, 'id' | 'timezone' | 'hours' | 'leave' | 'until'>;

/** Who is asked, and when each step comes (epoch ms); null for one that does not. */
export type Ladder = { responsible: string; dueMs: Readonly<Record<Step, number | null>> };

const hoursOf = (person: Asked, hours: Hours): WorkingHours | undefined =>
  person.hours === undefined ? undefined : hours[person.hours];

/** The instant at which so much working time has passed, counted in the hours of whoever is responsible meanwhile. */
function addOverShifts(shifts: readonly Shift<Asked>[], startMs: number, lengthMs: number, hours: Hours): number {
  let leftMs = lengthMs;
  for (const [index, { person, fromMs }] of shifts.entries()) {
    const endsMs = shifts[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
    const beginsMs = Math.max(fromMs, startMs);
    if (endsMs <= beginsMs) continue;
    const work = hoursOf(person, hours);
    const dueMs = addWorkingTime(beginsMs, leftMs, person.timezone, work);
    if (dueMs <= endsMs) return dueMs;
    leftMs -= workingTimeBetween(beginsMs, endsMs, person.timezone, work);
  }
  throw new RangeError('nobody is responsible: a chain has at least one person');
}

/** The working time between two instants, in the hours of whoever is responsible. */
function betweenOverShifts(shifts: readonly Shift<Asked>[], startMs: number, endMs: number, hours: Hours): number {
  return shifts.reduce((sumMs, { person, fromMs }, index) => {
    const untilMs = Math.min(endMs, shifts[index + 1]?.fromMs ?? endMs);
    return sumMs + workingTimeBetween(Math.max(fromMs, startMs), untilMs, person.timezone, hoursOf(person, hours));
  }, 0);
}

function dueAfter(shifts: readonly Shift<Asked>[], startMs: number, duration: string, hours: Hours): number {
  const { ms, working } = parseDuration(duration);
  return working ? addOverShifts(shifts, startMs, ms, hours) : startMs + ms;
}

/**
 * Plans the chain for a question that is asked at `nowMs`. What is away is passed over before the clock starts; a leave
 * that begins while the question waits is no working time either: from then on the next of the chain is responsible, and
 * the hours of that person count. A step that would not come before the deadline does not come.
 * @param chain the owner, the deputy and whom it escalates to; at least one
 * @param startMs when the clock starts, where that is later than `nowMs`: the end of a claim
 */
export function planLadder(
  chain: readonly Asked[],
  terms: LadderTerms,
  hours: Hours,
  nowMs: number,
  startMs: number = nowMs,
): Ladder {
  const shifts = shiftsFrom(chain, nowMs);
  const [first, second] = shifts;
  if (!first) throw new RangeError('nobody can be asked: a chain has at least one person');
  const overdue = dueAfter(shifts, startMs, terms.decideWithin, hours);
  const before = (dueMs: number | undefined) => (dueMs !== undefined && dueMs < overdue ? dueMs : null);
  const due = (duration?: string) => (duration === undefined ? undefined : dueAfter(shifts, startMs, duration, hours));
  // Where the deputy has it already there is no deputy to call.
  const mayCall = first.person.id === chain[0]?.id && chain.length > 1;
  return {
    responsible: first.person.id,
    dueMs: {
      hand_over: before(second?.fromMs),
      reminder: before(due(terms.reminder)),
      deputy: mayCall ? before(due(terms.deputyAfter)) : null,
      overdue,
    },
  };
}

/** The first step that is due, of one instant the first by their order; null where none is. */
export function nextStep(dueMs: Readonly<Record<Step, number | null>>): { step: Step; atMs: number } | null {
  const due = STEPS.flatMap((step) => (dueMs[step] === null ? [] : [{ step, atMs: dueMs[step] }]));
  return due.reduce<(typeof due)[number] | null>((first, one) => (first && first.atMs <= one.atMs ? first : one), null);
}

/** Who takes over from a responsible person at an instant, and when that one goes in turn; null where nobody follows. */
export function successor(
  chain: readonly Asked[],
  responsible: string,
  atMs: number,
): { person: Asked; goesMs: number | null } | null {
  const [shift] = shiftsFrom(chain.slice(chain.findIndex(({ id }) => id === responsible) + 1), atMs);
  return shift ? { person: shift.person, goesMs: goesAt(shift.person, atMs) } : null;
}

/**
 * Stops the chain from `pausedMs` to `untilMs`: what was left of the time to each step is left then. A hand-over stands,
 * for a leave begins when it begins.
 * @param chain from the responsible person on
 */
export function postpone(
  { dueMs, ...ladder }: Ladder,
  chain: readonly Asked[],
  terms: LadderTerms,
  hours: Hours,
  pausedMs: number,
  untilMs: number,
): Ladder {
  const shifts = shiftsFrom(chain, pausedMs);
  const later = (atMs: number | null, duration: string | undefined) => {
    if (atMs === null || duration === undefined) return atMs;
    if (!parseDuration(duration).working) return Math.max(atMs, pausedMs) + untilMs - pausedMs;
    return addOverShifts(shifts, untilMs, betweenOverShifts(shifts, pausedMs, atMs, hours), hours);
  };
  return {
    ...ladder,
    dueMs: {
      hand_over: dueMs.hand_over,
      reminder: later(dueMs.reminder, terms.reminder),
      deputy: later(dueMs.deputy, terms.deputyAfter),
      overdue: later(dueMs.overdue, terms.decideWithin),
    },
  };
}
