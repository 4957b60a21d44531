import { addDays, datesInRange, monthOf } from '../business-day.ts';

const LONGEST_MONTH = 31;

/** The first of the month after a month `YYYY-MM`, as a month. */
export const monthAfter = (month: string): string => monthOf(addDays(`${month}-01`, LONGEST_MONTH));

/** The first and the last date of a month `YYYY-MM`. Throws RangeError for a month that does not exist. */
export function monthBounds(month: string): { from: string; to: string } {
  return { from: `${month}-01`, to: addDays(`${monthAfter(month)}-01`, -1) };
}

/** Every date of a month, in order. */
export function datesOfMonth(month: string): string[] {
  const { from, to } = monthBounds(month);
  return datesInRange(from, to);
}
