import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
/** Wider than any offset from UTC (−12 to +14 hours), and narrower than the time between two changes of one. */
const REACH_MS = 15 * 60 * MINUTE_MS;

/** Throws RangeError for a name that the time zone database does not have. */
function zoneOf(name: string): IANAZone {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError(`"${name}" is no IANA time zone. Write one such as Europe/London.`);
  return zone;
}

/** How far local time is ahead of UTC at an instant, in ms. */
export const offsetMs = (instantMs: number, zone: string): number => zoneOf(zone).offset(instantMs) * MINUTE_MS;

/** The offsets that hold before and after everything that a local time, given as if it were UTC, can mean. */
export function offsetsAround(localMs: number, zone: string, lengthMs = 0): { before: number; after: number } {
  return { before: offsetMs(localMs - REACH_MS, zone), after: offsetMs(localMs + lengthMs + REACH_MS, zone) };
}

/**
 * The instants, ascending, at which clocks of a zone show a local time, given in ms as if it were UTC: one as a rule, two
 * in the hour that clocks are set back over, none in the hour that they skip.
 */
export function instantsOfLocal(localMs: number, zone: string): number[] {
  const { before, after } = offsetsAround(localMs, zone);
  if (before === after) return [localMs - before];
  return [before, after]
    .map((offset) => localMs - offset)
    .filter((instant) => offsetMs(instant, zone) === localMs - instant)
    .sort((a, b) => a - b);
}

/** The first instant after the clocks were changed, near a local time (in ms as if UTC) that they skipped. */
export function changeNear(localMs: number, zone: string): number {
  let [low, high] = [localMs - REACH_MS, localMs + REACH_MS];
  const before = offsetMs(low, zone);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}
