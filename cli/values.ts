import { InvalidArgumentError } from 'commander';

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const MADE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/;

function refuse(found: string, expected: string): never {
  throw new InvalidArgumentError(`Found ${JSON.stringify(found)}, expected ${expected}.`);
}

/** A calendar date that exists, as YYYY-MM-DD. */
export function parseDate(text: string): string {
  const day = DATE.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // A date such as 30 February is moved on by the platform; one that exists comes back as it went in.
  if (day && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)) return text;
  return refuse(text, 'a date that exists, such as 2026-03-31');
}

/** A month that exists, as YYYY-MM. */
export const parseMonth = (text: string): string =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : refuse(text, 'a month, such as 2026-03');

/** The id of a part of an operating model: a client, a source, a metric. */
export const parseId = (text: string): string =>
  ID.test(text) ? text : refuse(text, 'an id: lower-case letters, digits, - and _, such as corner-shop');

/** The id of an exception or a token, which Meshline made. */
export const parseMadeId = (text: string): string =>
  MADE_ID.test(text) ? text : refuse(text, 'an id as a list prints it');

/** The number of a record, as an exception names it. */
export const parseEvent = (text: string): string =>
  /^[0-9]{1,18}$/.test(text) ? text : refuse(text, 'the number of a record, as `exceptions show` prints it');

/** The one record of a command; a second one would not stand beside it. */
export const parseOnlyEvent = (text: string, before?: string): string =>
  before === undefined ? parseEvent(text) : refuse(text, 'one record: edit one at a time');

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The number of a delivery. */
export const parseNumber = (text: string): string =>
  /^[1-9][0-9]{0,17}$/.test(text) ? text : refuse(text, 'the number of a delivery, as `deliveries list` prints it');

/** How many of a list. */
export const parseLimit = (text: string): number =>
  /^([1-9]\d{0,2}|1000)$/.test(text) ? Number(text) : refuse(text, 'a number from 1 to 1000');

/** `field=value`. What is valid JSON is meant as JSON: `12` is a number, `"12"` and `twelve` are text. */
export function parseEdit(
  text: string,
  before: readonly (readonly [field: string, value: unknown])[],
): readonly [field: string, value: unknown] {
  const at = text.indexOf('=');
  if (at <= 0) return refuse(text, 'field=value, such as Quantity=12');
  const field = text.slice(0, at);
  if (before.some(([known]) => known === field)) return refuse(text, `one value for ${field}`);
  return [field, jsonOrText(text.slice(at + 1))];
}

export const parseVersion = (text: string): number =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : refuse(text, 'a version, such as 1');

/** Words that are not empty. */
export const parseReason = (text: string): string =>
  text.trim() === '' || text.length > 2000 ? refuse(text.slice(0, 40), 'a reason in words, of 2,000 at most') : text;

export const parseWord = (text: string): string =>
  text.trim() === '' ? refuse(text, 'text that is not empty') : text.trim();

const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;

/** Every calendar date of a range, both ends included. */
export const datesBetween = (from: string, to: string): string[] =>
  Array.from({ length: Math.max(0, dayNumber(to) - dayNumber(from) + 1) }, (_, index) =>
    new Date((dayNumber(from) + index) * 86_400_000).toISOString().slice(0, 10),
  );
