import { datesInRange, monthOf } from './calendar-date.ts';

const LEAP_DAY = '-02-29';

/** The same day a year earlier; 29 February has none, so the day before it stands as the end of its month. */
export const yearEarlier = (date: string): string =>
  `${String(Number(date.slice(0, 4)) - 1).padStart(4, '0')}${date.endsWith(LEAP_DAY) ? '-02-28' : date.slice(4)}`;

/** A day of this year, and the one that it is held against. */
export type DayPair = { day: string; before: string };

/** The days of a month up to a date, each with the same day a year earlier; 29 February is held against none. */
export const monthBesideYearBefore = (date: string): DayPair[] =>
  datesInRange(`${monthOf(date)}-01`, date)
    .filter((day) => !day.endsWith(LEAP_DAY))
    .map((day) => ({ day, before: yearEarlier(day) }));
