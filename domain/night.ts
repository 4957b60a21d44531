import { businessDate, dayBounds } from './business-day.ts';
import { dateOfDayNumber, dayNumber } from './calendar-date.ts';
import { changeNear, instantsOfLocal, offsetMs } from './zone.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/**
 * The last business day (`YYYY-MM-DD`) that is over at an instant (epoch ms), in a client's zone and with its cut-off.
 * Throws RangeError as `dayBounds` does.
 */
export const lastDayOver = (instantMs: number, zone: string, cutOff: string): string =>
  businessDate(dayBounds(businessDate(instantMs, zone, cutOff), zone, cutOff).startMs - 1, zone, cutOff);

/** A time of day as two numbers. Throws RangeError for anything but `HH:MM`. */
export function timeOfDay(at: string): { hour: number; minute: number } {
  const [, hour, minute] = TIME.exec(at) ?? [];
  if (hour === undefined) throw new RangeError(`"${at}" is no time of day. Write one such as "04:30".`);
  return { hour: Number(hour), minute: Number(minute) };
}

/** A night on which clocks skip the time of a schedule, and the first local time after the change. */
export type SkippedNight = { date: string; at: string };

/**
 * The nights of a year on which clocks of a zone skip a time of day. A schedule that knows only its time of day would
 * leave those nights out.
 */
export function skippedNights(at: string, zone: string, year: number): SkippedNight[] {
  const { hour, minute } = timeOfDay(at);
  const nights: SkippedNight[] = [];
  for (let day = dayNumber(`${year}-01-01`); day < dayNumber(`${year + 1}-01-01`); day += 1) {
    const localMs = day * DAY_MS + (hour * 60 + minute) * MINUTE_MS;
    if (instantsOfLocal(localMs, zone).length > 0) continue;
    const change = changeNear(localMs, zone);
    const shown = new Date(change + offsetMs(change, zone)).toISOString();
    nights.push({ date: dateOfDayNumber(day), at: shown.slice(11, 16) });
  }
  return nights;
}
