/**
 * Formats of records, checked by character. They run for every field of every record of a day, where a
 * regular expression and a `Date` would cost more than all other checks together.
 */

const ZERO = 48;

const isDigit = (code: number) => code >= ZERO && code <= 57;

/** The number written in `length` digits at `start`, or -1 where another character stands. */
function digits(text: string, start: number, length: number): number {
  let value = 0;
  for (let at = start; at < start + length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - ZERO;
  }
  return value;
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (DAYS[month - 1] ?? 0);
}

/** A real date at the start of the text: `YYYY-MM-DD`. */
function startsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  return year >= 0 && day >= 1 && day <= daysIn(year, month);
}

/** A time at `start`: `HH:MM:SS`. A leap second is no time that a shop writes and no library here reads. */
function hasTimeAt(text: string, start: number): boolean {
  if (text.charCodeAt(start + 2) !== 58 || text.charCodeAt(start + 5) !== 58) return false;
  const hour = digits(text, start, 2);
  const minute = digits(text, start + 3, 2);
  const second = digits(text, start + 6, 2);
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
}

/** `^-?[0-9]+(\.[0-9]+)?$` */
export function isDecimal(text: string): boolean {
  const length = text.length;
  let at = text.charCodeAt(0) === 45 ? 1 : 0;
  const whole = at;
  while (at < length && isDigit(text.charCodeAt(at))) at++;
  if (at === whole) return false;
  if (at === length) return true;
  if (text.charCodeAt(at) !== 46 || at + 1 === length) return false;
  for (at++; at < length; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** `YYYY-MM-DD`, a date that exists. */
export const isDate = (text: string): boolean => text.length === 10 && startsWithDate(text);

/** `YYYY-MM-DD[ T]HH:MM:SS` without an offset; whether the zone has that time is for the business day to say. */
export function isLocalDateTime(text: string): boolean {
  const separator = text.charCodeAt(10);
  return text.length === 19 && (separator === 32 || separator === 84) && startsWithDate(text) && hasTimeAt(text, 11);
}

/** End of the fraction of a second that may stand at `at`; -1 for a point without digits. */
function afterFraction(text: string, at: number): number {
  if (text.charCodeAt(at) !== 46) return at;
  let end = at + 1;
  while (isDigit(text.charCodeAt(end))) end++;
  return end === at + 1 ? -1 : end;
}

function isOffset(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === 90 || code === 122) return text.length === at + 1;
  if (code !== 43 && code !== 45) return false;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  return (
    text.length === at + 6 && text.charCodeAt(at + 3) === 58 && hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60
  );
}

/** RFC 3339: a local date-time, an optional fraction, and `Z` or an offset. */
export function isDateTime(text: string): boolean {
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 116 && separator !== 32) return false;
  if (!startsWithDate(text) || !hasTimeAt(text, 11)) return false;
  const at = afterFraction(text, 19);
  return at > 0 && isOffset(text, at);
}
