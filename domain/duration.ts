import { Duration } from 'luxon';

/** A length of time; one that counts `working` hours passes only while the person it is given to works. */
export type WrittenDuration = { ms: number; working: boolean };

const UNITS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    { names: 'ms millisecond milliseconds', ms: 1 },
    { names: 's sec secs second seconds', ms: 1_000 },
    { names: 'm min mins minute minutes', ms: 60_000 },
    { names: 'h hr hrs hour hours', ms: 3_600_000 },
    { names: 'd day days', ms: 86_400_000 },
    { names: 'w week weeks', ms: 604_800_000 },
  ].flatMap(({ names, ms }) => names.split(' ').map((name) => [name, ms] as const)),
);
const WORKING_UNITS = new Set('m min mins minute minutes h hr hrs hour hours'.split(' '));
const PART = /^(\d{1,9}(?:\.\d{1,3})?) ?([a-z]+)(?: |(?=\d)|$)/;
const ISO_UNITS = new Set(['weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds']);
const LONGEST_TEXT = 60;
/** Ten years: what is longer is a slip, and no timer waits for it. */
const LONGEST_MS = 3_653 * 86_400_000;

function refuse(text: string, why: string): never {
  throw new RangeError(`"${text}" is no duration: ${why}. Write one such as 4h, 90 minutes or 2 working hours.`);
}

function isoMs(text: string): number {
  const duration = Duration.fromISO(text);
  if (!duration.isValid) return refuse(text, 'it is not as ISO 8601 writes it');
  const units = Object.keys(duration.toObject());
  if (units.length === 0) return refuse(text, 'it names no length');
  if (!units.every((unit) => ISO_UNITS.has(unit))) return refuse(text, 'years and months have no fixed length');
  return duration.toMillis();
}

function wordsMs(text: string, words: string, working: boolean): number {
  let rest = words;
  let sum = 0;
  const seen = new Set<number>();
  while (rest !== '') {
    const [part, amount, unit = ''] = PART.exec(rest) ?? refuse(text, 'it is not a number with a unit');
    const unitMs = Object.hasOwn(UNITS, unit) ? UNITS[unit]! : refuse(text, `"${unit}" is no unit`);
    if (working && !WORKING_UNITS.has(unit)) refuse(text, 'working time is counted in hours or minutes');
    if (seen.has(unitMs)) refuse(text, 'it names one unit twice');
    seen.add(unitMs);
    sum += Number(amount) * unitMs;
    rest = rest.slice(part.length);
  }
  return sum;
}

/**
 * Reads a duration of an operating model: `4h`, `10s`, `1h 30m`, `90 minutes`, `2 working hours`, or ISO 8601 (`PT4H`).
 * It is elapsed time unless it says `working`. Throws RangeError for any other text, and for more than ten years.
 */
export function parseDuration(text: string): WrittenDuration {
  if (text.length > LONGEST_TEXT) refuse(`${text.slice(0, LONGEST_TEXT)}…`, 'it is too long');
  const plain = text.trim().toLowerCase().split(/\s+/).join(' ');
  if (plain === '') return refuse(text, 'it is empty');
  const working = plain.includes('working ');
  const ms = plain.startsWith('p') ? isoMs(plain.toUpperCase()) : wordsMs(text, plain.replace('working ', ''), working);
  const whole = Math.round(ms);
  return whole >= 0 && whole <= LONGEST_MS ? { ms: whole, working } : refuse(text, 'it is longer than ten years');
}

const SHOWN = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
  ['ms', 1],
] as const;

function shown(count: number, unit: string): string {
  return unit === 'ms' ? `${count} ms` : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A duration in words that `parseDuration` reads back: `1 day 4 hours`, `2 working hours`. */
export function formatDuration({ ms, working }: WrittenDuration): string {
  const units = working ? SHOWN.slice(1, 3) : SHOWN;
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push(shown(count, unit));
  }
  const text = parts.length > 0 ? parts.join(' ') : shown(0, working ? 'minute' : 'second');
  return working ? text.replace(' ', ' working ') : text;
}
