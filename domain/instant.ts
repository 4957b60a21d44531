import { instantsOfLocal, offsetsAround } from './zone.ts';

/** Years outside are placeholders (0001-01-01, 9999-12-31), not times at which something was sold. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2999;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const LOCAL_LENGTH = 19;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const ZERO = 48;
const NINE = 57;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const PLUS = 43;
const BLANK = 32;
const UPPER_T = 84;
const LOWER_T = 116;
const UPPER_Z = 90;
const LOWER_Z = 122;

/** The number written in two digits at `at`; NaN where another character stands. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return tens >= ZERO && tens <= NINE && ones >= ZERO && ones <= NINE ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

function daysIn(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

/** `YYYY-MM-DD` at the start of a text as ms of its midnight in UTC; NaN where it is no date of these centuries. */
function dateAtStart(text: string): number {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const separated = text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH;
  const known = separated && year >= FIRST_YEAR && year <= LAST_YEAR;
  return known && day >= 1 && day <= daysIn(year, month) ? Date.UTC(year, month - 1, day) : Number.NaN;
}

/** `HH:MM:SS` at position 11 in ms; NaN where it is no time of day. A leap second is none. */
function timeInside(text: string): number {
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const separated = text.charCodeAt(13) === COLON && text.charCodeAt(16) === COLON;
  return separated && hour < 24 && minute < 60 && second < 60
    ? ((hour * 60 + minute) * 60 + second) * 1000
    : Number.NaN;
}

/** Position behind a fraction of a second at 19; -1 where a point stands without digits. */
function fractionEnd(text: string): number {
  if (text.charCodeAt(LOCAL_LENGTH) !== POINT) return LOCAL_LENGTH;
  let at = LOCAL_LENGTH + 1;
  while (text.charCodeAt(at) >= ZERO && text.charCodeAt(at) <= NINE) at += 1;
  return at === LOCAL_LENGTH + 1 ? -1 : at;
}

/** `Z` or `±HH:MM`, up to the end of the text, in ms ahead of UTC; NaN for anything else. */
function offsetAtEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === UPPER_Z || code === LOWER_Z) return text.length === at + 1 ? 0 : Number.NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  const formed = text.length === at + 6 && text.charCodeAt(at + 3) === COLON && hours < 24 && minutes < 60;
  if (!formed || (code !== PLUS && code !== DASH)) return Number.NaN;
  return (code === PLUS ? 1 : -1) * (hours * 60 + minutes) * MINUTE_MS;
}

/**
 * The instant that an RFC 3339 text names, in epoch ms; what is finer than a millisecond is cut off. Null for a text
 * without offset, for a date or time that does not exist, and for years before 1900 or after 2999.
 */
export function parseInstant(text: string): number | null {
  const separator = text.charCodeAt(10);
  if (separator !== UPPER_T && separator !== LOWER_T && separator !== BLANK) return null;
  const end = fractionEnd(text);
  const seconds = dateAtStart(text) + timeInside(text) - offsetAtEnd(text, end);
  if (end < 0 || Number.isNaN(seconds)) return null;
  return end === LOCAL_LENGTH ? seconds : seconds + Number(`${text.slice(LOCAL_LENGTH + 1, end)}00`.slice(0, 3));
}

/** Offset of a local day on which clocks are not changed; NaN for one on which they may be. */
type OffsetByDay = Map<number, number>;
const offsetsByZone = new Map<string, OffsetByDay>();
/** Bounds the memory that a file of arbitrary dates can claim; a year of days is a few kilobytes. */
const MOST_DAYS = 20_000;

function offsetsOf(zone: string): OffsetByDay {
  const known = offsetsByZone.get(zone) ?? new Map<number, number>();
  if (known.size === 0 || known.size > MOST_DAYS) {
    known.clear();
    offsetsByZone.set(zone, known);
  }
  return known;
}

function offsetOfDay(zone: string, day: number): number {
  const known = offsetsOf(zone);
  const cached = known.get(day);
  if (cached !== undefined) return cached;
  const { before, after } = offsetsAround(day * DAY_MS, zone, DAY_MS);
  const offset = before === after ? before : Number.NaN;
  known.set(day, offset);
  return offset;
}

/** A local time on a day of changed clocks, as RFC 5545 (3.3.5) reads it: the first of two; a skipped one by the offset before. */
function instantOnChangedDay(localMs: number, zone: string): number {
  return instantsOfLocal(localMs, zone)[0] ?? localMs - offsetsAround(localMs, zone).before;
}

/**
 * The instant, in epoch ms, at which clocks of a zone show `YYYY-MM-DD[ T]HH:MM:SS`. A time that comes twice is its first
 * occurrence, one that clocks skip is read by the offset before the change. Null for any other text, for a date or time
 * that does not exist, and for years before 1900 or after 2999. Throws RangeError for an unknown zone.
 */
export function localDateTimeToInstant(text: string, zone: string): number | null {
  const separator = text.charCodeAt(10);
  if (text.length !== LOCAL_LENGTH || (separator !== BLANK && separator !== UPPER_T)) return null;
  const localMs = dateAtStart(text) + timeInside(text);
  if (Number.isNaN(localMs)) return null;
  const offset = offsetOfDay(zone, Math.floor(localMs / DAY_MS));
  return Number.isNaN(offset) ? instantOnChangedDay(localMs, zone) : localMs - offset;
}

/**
 * The instant, in epoch ms, at which clocks of a zone show what an RFC 3339 text shows without its offset. Null for any
 * text that `parseInstant` has no instant for.
 */
export function clockTimeToInstant(text: string, zone: string): number | null {
  const stated = parseInstant(text);
  const shown = localDateTimeToInstant(text.slice(0, LOCAL_LENGTH).replace('t', 'T'), zone);
  // Offsets are whole minutes, so the fraction of the second is that of the stated instant.
  return stated === null || shown === null ? null : shown + (((stated % 1000) + 1000) % 1000);
}
