import { DateTime } from 'luxon';

const QUARTER_MS = 900_000;
const SECONDS = 86_400;

/** One calendar day of a zone: 23, 24 or 25 hours between two midnights. */
export type LocalDay = {
  startMs: number;
  endMs: number;
  /** The instant at a second of 86,400; on a day of 23 or 25 hours the seconds are stretched, so none is lost. */
  at(second: number): number;
  /** `2026-03-01T09:30:00-05:00`; `Z` of UTC is written `+00:00`. */
  withOffset(instantMs: number): string;
  /** `2026-03-01 09:30:00` on the clock of the zone. */
  onTheClock(instantMs: number): string;
};

function offsetText(minutes: number): string {
  const [hour, minute] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** Opens a day (`YYYY-MM-DD`) of an IANA zone. Offsets are looked up once a quarter of an hour: no zone changes between. */
export function localDay(date: string, zone: string): LocalDay {
  const start = DateTime.fromISO(date, { zone }).startOf('day');
  if (!start.isValid)
    throw new RangeError(`"${date}" in "${zone}" is no day. Use a date such as 2026-03-01 and an IANA zone.`);
  const [startMs, endMs] = [start.toMillis(), start.plus({ days: 1 }).startOf('day').toMillis()];
  const quarters = Array.from({ length: (endMs - startMs) / QUARTER_MS }, (_, at) => {
    return DateTime.fromMillis(startMs + at * QUARTER_MS, { zone }).offset;
  });
  const offsetAt = (instantMs: number) => quarters[Math.trunc((instantMs - startMs) / QUARTER_MS)]!;
  const clock = (instantMs: number) => new Date(instantMs + offsetAt(instantMs) * 60_000).toISOString().slice(0, 19);
  return {
    startMs,
    endMs,
    at: (second) => startMs + Math.trunc((second * (endMs - startMs)) / SECONDS / 1000) * 1000,
    withOffset: (instantMs) => clock(instantMs) + offsetText(offsetAt(instantMs)),
    onTheClock: (instantMs) => clock(instantMs).replace('T', ' '),
  };
}

/** The date that lies a number of days after another; before it, where the number is negative. */
export function addDays(date: string, days: number): string {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toISODate()!;
}

/** Days since 1970-01-01, which anchors whatever must not move with the night that is generated. */
export const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
