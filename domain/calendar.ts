import type { Calendar } from '../schemas/operating-model.ts';
import { weekday } from './calendar-date.ts';

/** Whether a date lies in a range of an operating model (`2026-12-24/2027-01-03`, or one date), whose ends both count. */
export function holds(range: string, date: string): boolean {
  const [from = '', to = from] = range.split('/');
  return date >= from && date <= to;
}

/**
 * Whether a client does not trade on a date (`YYYY-MM-DD`): a closed weekday, or inside a closed range, whose ends both
 * count. A closed day only forgives absence. Throws RangeError for a date that does not exist.
 */
export function isClosedDay(calendar: Calendar, date: string): boolean {
  return calendar.closedWeekdays.includes(weekday(date)) || calendar.closedDates.some((range) => holds(range, date));
}
