import type { Tolerance } from '../schemas/operating-model.ts';
import { type Decimal, decimalOf, isWithin, power10 } from './decimal.ts';

export type DayTolerance = Pick<Tolerance, 'absolute' | 'percent'>;

const MICROS_PER_UNIT = 1_000_000n;

/** Negative, zero or positive as a value in micros is below, at or above a limit in units. Exact for any limit. */
export function compareToLimit(valueMicros: bigint, limit: string): number {
  const { units, scale } = decimalOf(limit);
  const difference = valueMicros * power10(scale) - units * MICROS_PER_UNIT;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** A limit in percent as a share of what it is a percentage of. */
export const percentOf = (limit: string): Decimal => {
  const { units, scale } = decimalOf(limit);
  return { units, scale: scale + 2 };
};

/**
 * Whether a difference keeps every limit that is stated: `absolute` in the unit of the metric, `percent` of the
 * source-reported total. Without a limit the totals must be equal; of a total of zero, percent allows nothing.
 * Amounts are micros. Throws RangeError for a limit that is no decimal.
 */
export function withinTolerance(differenceMicros: bigint, theirsMicros: bigint, tolerance: DayTolerance): boolean {
  const { absolute, percent } = tolerance;
  if (absolute === undefined && percent === undefined) return differenceMicros === 0n;
  const absoluteHolds = absolute === undefined || isWithin(differenceMicros, decimalOf(absolute), MICROS_PER_UNIT);
  return absoluteHolds && (percent === undefined || isWithin(differenceMicros, percentOf(percent), theirsMicros));
}
