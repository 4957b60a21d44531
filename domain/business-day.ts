import { addDays, dateOfDayNumber, dayNumber } from './calendar-date.ts';
import { changeNear, instantsOfLocal, offsetMs } from './zone.ts';

export { addDays, datesInRange, monthOf, previousSameWeekdays, weekday } from './calendar-date.ts';
export { clockTimeToInstant, localDateTimeToInstant, parseInstant } from './instant.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MIDNIGHT = '00:00';
const CUT_OFF = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** Bounds what a clock remembers when it meets arbitrary instants. */
const MOST_CACHED_DAYS = 4_000;

/** The instants of a business day: `startMs` belongs to it, `endMs` to the next one. */
export type DayBounds = { startMs: number; endMs: number };

function cutOffMs(cutOff: string): number {
  const [, hours, minutes] = CUT_OFF.exec(cutOff) ?? [];
  if (hours === undefined) throw new RangeError(`"${cutOff}" is no cut-off. Write a time of day such as "04:00".`);
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

/**
 * The instant from which on clocks show the cut-off of `day` or later. Where they are set back over it, that is its
 * second occurrence; where they skip it, the change itself. So days never overlap and leave nothing out.
 */
function startOf(day: number, zone: string, cutOff: number): number {
  const localMs = day * DAY_MS + cutOff;
  return instantsOfLocal(localMs, zone).at(-1) ?? changeNear(localMs, zone);
}

/**
 * The bounds of a business day in a zone, in epoch ms: from the cut-off of the date to the cut-off of the next calendar
 * day. It has 23 or 25 hours where clocks change, and none where a zone left the date out (Apia, 2011-12-30).
 * Throws RangeError for a date, zone or cut-off that does not exist.
 */
export function dayBounds(date: string, zone: string, cutOff: string = MIDNIGHT): DayBounds {
  const [day, shift] = [dayNumber(date), cutOffMs(cutOff)];
  return { startMs: startOf(day, zone, shift), endMs: startOf(day + 1, zone, shift) };
}

/** A first guess by the clock, which a change of clocks between cut-off and instant can put a day off. */
function guess(instantMs: number, zone: string, cutOff: string): string {
  if (!Number.isFinite(instantMs)) throw new RangeError('A business day needs an instant; this one is not a number.');
  return dateOfDayNumber(Math.floor((instantMs + offsetMs(instantMs, zone) - cutOffMs(cutOff)) / DAY_MS));
}

function locate(instantMs: number, zone: string, cutOff: string): DayBounds & { date: string } {
  let date = guess(instantMs, zone, cutOff);
  let bounds = dayBounds(date, zone, cutOff);
  while (instantMs < bounds.startMs || instantMs >= bounds.endMs) {
    date = addDays(date, instantMs < bounds.startMs ? -1 : 1);
    bounds = dayBounds(date, zone, cutOff);
  }
  return { date, ...bounds };
}

/**
 * The business day (`YYYY-MM-DD`) of an instant, a Date or epoch ms: the calendar day in the store's zone, which ends at
 * the cut-off of the following calendar day, or at midnight without one. Throws RangeError as `dayBounds` does.
 */
export const businessDate = (instant: Date | number, zone: string, cutOff: string = MIDNIGHT): string =>
  locate(Number(instant), zone, cutOff).date;

/** `businessDate` for many instants: it remembers the bounds of the days that it met. */
export function businessDayClock(zone: string, cutOff: string = MIDNIGHT): (epochMs: number) => string {
  const daysByUtcDay = new Map<number, (DayBounds & { date: string })[]>();
  let current = locate(0, zone, cutOff);
  const holds = (day: DayBounds, epochMs: number) => epochMs >= day.startMs && epochMs < day.endMs;
  const find = (epochMs: number) => {
    const utcDay = Math.floor(epochMs / DAY_MS);
    const met = daysByUtcDay.get(utcDay) ?? [];
    const known = met.find((day) => holds(day, epochMs));
    if (known) return known;
    const found = locate(epochMs, zone, cutOff);
    if (daysByUtcDay.size >= MOST_CACHED_DAYS) daysByUtcDay.clear();
    daysByUtcDay.set(utcDay, [...met, found]);
    return found;
  };
  return (epochMs) => {
    if (!holds(current, epochMs)) current = find(epochMs);
    return current.date;
  };
}
