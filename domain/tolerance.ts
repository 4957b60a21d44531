import type { Tolerance } from '../schemas/operating-model.ts';
import { type Decimal, decimalOf, isWithin } from './decimal.ts';

export type DayTolerance = Pick<Tolerance, 'absolute' | 'percent'>;

const MICROS_PER_UNIT = 1_000_000n;

const percentOf = (limit: string): Decimal => {
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
