import type { Person, WorkingHours } from '../schemas/operating-model.ts';
import { addDays, businessDate } from './business-day.ts';
import { dayNumber, weekday } from './calendar-date.ts';
import { parseDuration } from './duration.ts';
import { changeNear, instantsOfLocal } from './zone.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

type Span = { startMs: number; endMs: number };

function timeOfDayMs(time: string): number {
  const [, hours, minutes] = TIME.exec(time) ?? [];
  if (hours === undefined) throw new RangeError(`"${time}" is no time of day. Write one such as "09:00".`);
  return (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

function requireWork({ weekdays, from, to }: WorkingHours): void {
  if (weekdays.length > 0 && timeOfDayMs(to) > timeOfDayMs(from)) return;
  throw new RangeError(`Working hours from ${from} to ${to} on ${weekdays.length} days hold no time. Correct "hours".`);
}

/** From the first time that clocks show `from` to the last time that they show `to`; what they skip is the change itself. */
function workOf(date: string, zone: string, { from, to }: WorkingHours): Span {
  const midnightMs = dayNumber(date) * DAY_MS;
  const [fromMs, toMs] = [midnightMs + timeOfDayMs(from), midnightMs + timeOfDayMs(to)];
  return {
    startMs: instantsOfLocal(fromMs, zone)[0] ?? changeNear(fromMs, zone),
    endMs: instantsOfLocal(toMs, zone).at(-1) ?? changeNear(toMs, zone),
  };
}

/**
 * The instant (epoch ms) at which `durationMs` of working time have passed since `startMs`. Only the working hours of the
 * zone's own days count, by the clocks of that zone; without hours every hour does. Throws RangeError for an unknown zone
 * and for hours that hold no time.
 */
export function addWorkingTime(startMs: number, durationMs: number, zone: string, hours?: WorkingHours): number {
  if (!hours || durationMs <= 0) return startMs + durationMs;
  requireWork(hours);
  let leftMs = durationMs;
  for (let date = businessDate(startMs, zone); ; date = addDays(date, 1)) {
    if (!hours.weekdays.includes(weekday(date))) continue;
    const work = workOf(date, zone, hours);
    const fromMs = Math.max(startMs, work.startMs);
    if (fromMs + leftMs <= work.endMs) return fromMs + leftMs;
    leftMs -= Math.max(0, work.endMs - fromMs);
  }
}

/** How much working time (ms) lies between two instants; without hours all of it does. */
export function workingTimeBetween(startMs: number, endMs: number, zone: string, hours?: WorkingHours): number {
  if (endMs <= startMs) return 0;
  if (!hours) return endMs - startMs;
  requireWork(hours);
  let sumMs = 0;
  const last = businessDate(endMs, zone);
  for (let date = businessDate(startMs, zone); date <= last; date = addDays(date, 1)) {
    if (!hours.weekdays.includes(weekday(date))) continue;
    const work = workOf(date, zone, hours);
    sumMs += Math.max(0, Math.min(endMs, work.endMs) - Math.max(startMs, work.startMs));
  }
  return sumMs;
}

/**
 * When a person who is asked at `start` must have answered. `duration` is as in an operating model; `2 working hours`
 * counts in the person's zone and working hours, anything else is elapsed time. Throws RangeError like `parseDuration`.
 */
export function deadlineAfter(
  start: Date | number,
  duration: string,
  person: Pick<Person, 'timezone' | 'hours'>,
  hours: Readonly<Record<string, WorkingHours>>,
): Date {
  const { ms, working } = parseDuration(duration);
  const own = working && person.hours !== undefined ? hours[person.hours] : undefined;
  return new Date(addWorkingTime(Number(start), ms, person.timezone, own));
}
