import { addDays, businessDate } from '../business-day.ts';
import { dayNumber } from '../calendar-date.ts';
import { changeNear, instantsOfLocal } from '../zone.ts';

/** Local times of day; a `to` before `from` is on the following day. */
export type QuietHours = { from: string; to: string };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

function instantOf(date: string, time: string, zone: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  const localMs = dayNumber(date) * DAY_MS + (hours! * 60 + minutes!) * MINUTE_MS;
  return instantsOfLocal(localMs, zone)[0] ?? changeNear(localMs, zone);
}

/** When a mail may go out that would go at `atMs`: then, or at the end of the quiet hours that hold then. */
export function afterQuietHours(atMs: number, quiet: QuietHours | undefined, zone: string): number {
  if (!quiet || quiet.from === quiet.to) return atMs;
  const today = businessDate(atMs, zone);
  // Quiet hours that hold now began today or yesterday.
  for (const date of [addDays(today, -1), today]) {
    const startMs = instantOf(date, quiet.from, zone);
    const endMs = instantOf(quiet.to > quiet.from ? date : addDays(date, 1), quiet.to, zone);
    if (atMs >= startMs && atMs < endMs) return endMs;
  }
  return atMs;
}
