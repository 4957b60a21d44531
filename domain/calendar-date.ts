import type { Weekday } from '../schemas/operating-model/parts.ts';

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;
/** 1970-01-01, day number 0, was a Thursday. */
const WEEKDAYS: readonly Weekday[] = ['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday', 'wednesday'];
const FORM = /^\d{4}-\d{2}-\d{2}$/;

/** The date of a day number, counted from 1970-01-01. */
export const dateOfDayNumber = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Days from 1970-01-01 to a date `YYYY-MM-DD`. Throws RangeError for a date that does not exist. */
export function dayNumber(date: string): number {
  const day = FORM.test(date) ? Date.parse(`${date}T00:00:00Z`) / DAY_MS : Number.NaN;
  if (Number.isNaN(day) || dateOfDayNumber(day) !== date)
    throw new RangeError(`"${date}" is no date. Write one that exists as YYYY-MM-DD, such as 2026-03-31.`);
  return day;
}

/** The date so many days later, or earlier where `days` is negative. */
export const addDays = (date: string, days: number): string => dateOfDayNumber(dayNumber(date) + days);

export function weekday(date: string): Weekday {
  const index = dayNumber(date) % DAYS_PER_WEEK;
  return WEEKDAYS[index < 0 ? index + DAYS_PER_WEEK : index]!;
}

/** The month of a date as `YYYY-MM`. */
export const monthOf = (date: string): string => dateOfDayNumber(dayNumber(date)).slice(0, 7);

/** All dates of a range in order, both ends included. Throws RangeError where it ends before it begins. */
export function datesInRange(from: string, to: string): string[] {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  if (last < first) throw new RangeError(`The range ${from} to ${to} ends before it begins. Swap its ends.`);
  return Array.from({ length: last - first + 1 }, (_, index) => dateOfDayNumber(first + index));
}

/** The same weekday of the `count` weeks before, the nearest first. */
export const previousSameWeekdays = (date: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addDays(date, -DAYS_PER_WEEK * (index + 1)));
