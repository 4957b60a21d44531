import { dayBounds } from '../business-day.ts';
import type { Adjustment } from '../normalize/adjustment.ts';
import { offsetMs } from '../zone.ts';

/** Whether times of a source say how far they are from UTC, and whether some do not. */
export type Offsets = { stated: boolean; left: boolean };
export type Reading = Extract<Adjustment, { kind: 'read_in_zone' }>;

const HOUR_MINUTES = 60;
const MINUTE_MS = 60_000;
const two = (value: number): string => String(value).padStart(2, '0');

/** `-05:00`, which reads like the name of a zone. */
function offsetName(ms: number): string {
  const minutes = Math.abs(ms) / MINUTE_MS;
  return `${ms < 0 ? '-' : '+'}${two(Math.trunc(minutes / HOUR_MINUTES))}:${two(minutes % HOUR_MINUTES)}`;
}

/** What clocks of a zone show that were not set where, or when, they should have been. */
export function clocksOfOtherSeason(zone: string, date: string): string[] {
  const [winter, summer] = ['01-01', '07-01'].map((day) =>
    offsetMs(dayBounds(`${date.slice(0, 4)}-${day}`, zone).startMs, zone),
  );
  const present = offsetMs(dayBounds(date, zone).endMs, zone);
  return [winter!, summer!].filter((offset) => offset !== present).map(offsetName);
}

/**
 * The ways in which the times of a source may be meant: those without an offset as another zone's, those with one as
 * what their clock shows, in a zone that the offset does not name.
 */
export const readingsOf = (zones: readonly string[], present: string, { stated, left }: Offsets): Reading[] => [
  ...zones.filter((zone) => left && zone !== present).map((zone): Reading => ({ kind: 'read_in_zone', zone })),
  ...zones.filter(() => stated).map((zone): Reading => ({ kind: 'read_in_zone', zone, offsets: 'ignored' })),
];
