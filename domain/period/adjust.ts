import { monthAfter } from './month.ts';
import type { PeriodState } from './table.ts';

/**
 * A number of a day: what the ledger says now, what is published of it, and what was posted about it to later months.
 */
export type AdjustedNumber = { nowMicros: bigint; publishedMicros: bigint; adjustedMicros: bigint };

/**
 * What is to be posted about a number, so that what is published of its day and what is posted about it make what the
 * ledger says. In a locked month the published part stands, and the adjustments follow the ledger. In a month that was
 * reopened the published part follows it again, and what was posted about it is reversed. So all months together add up
 * to the ledger, and no locked one ever changes.
 */
export const owedAdjustment = ({ nowMicros, publishedMicros, adjustedMicros }: AdjustedNumber): bigint =>
  nowMicros - publishedMicros - adjustedMicros;

/** A month takes adjustments until it is looked at for its close. */
export const takesAdjustments = (state: PeriodState): boolean => state === 'open';

/** The months after one, in the order in which one is looked for that takes an adjustment about a day of it. */
export function* monthsAfter(month: string): Generator<string, never> {
  for (let next = monthAfter(month); ; next = monthAfter(next)) yield next;
}
