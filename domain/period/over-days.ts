import { divideRounded } from '../decimal.ts';
import { inputsOf } from '../metrics/catalog.ts';
import type { Metric } from '../metrics/definition.ts';

/** A published total of a day, by its present version. */
export type DayTotal = {
  date: string;
  storeId: string;
  metric: string;
  definition: string;
  currency: string | null;
  valueMicros: bigint | null;
};

const ONE_MICROS = 1_000_000n;

/** Values of single days add up to those of a month. Those of customers do not, but for new ones, who are new once. */
export const isAdditive = ({ formula }: Metric): boolean =>
  formula.by !== 'ratio' && (formula.by !== 'customers' || formula.count === 'new');

export const sumOf = (days: readonly DayTotal[], metric: string): bigint =>
  days.filter((one) => one.metric === metric).reduce((sum, one) => sum + (one.valueMicros ?? 0n), 0n);

/** The days on which all of these metrics are published: any other would tilt a ratio that is made of them. */
export function wholeDays(days: readonly DayTotal[], metrics: readonly string[]): DayTotal[] {
  const byDate = Map.groupBy(days, (one) => one.date);
  return [...byDate.values()].filter((day) => metrics.every((id) => day.some((one) => one.metric === id))).flat();
}

/** The parts of a ratio, each as its sum over the days that have all of them. Throws TypeError for any other metric. */
export function partsOver(days: readonly DayTotal[], metric: Metric): { numerator: bigint; denominator: bigint } {
  const { formula } = metric;
  if (formula.by !== 'ratio') throw new TypeError(`${metric.id} is no ratio`);
  const whole = wholeDays(days, inputsOf(metric));
  const numerator = formula.numerator.reduce((sum, id) => sum + sumOf(whole, id), 0n);
  return { numerator, denominator: sumOf(whole, formula.denominator) };
}

/** In micros; null over nothing. */
export function ratioOf(numerator: bigint, denominator: bigint): bigint | null {
  if (denominator === 0n) return null;
  const sign = denominator < 0n ? -1n : 1n;
  return divideRounded(sign * numerator * ONE_MICROS, sign * denominator);
}

/**
 * What a metric comes to over days of one place: the sum of its published days, and a ratio's the ratio of the sums of
 * its parts. Null where nothing is published, and for what single days say nothing of.
 */
export function valueOver(days: readonly DayTotal[], metric: Metric): bigint | null {
  if (metric.formula.by === 'ratio') {
    const { numerator, denominator } = partsOver(days, metric);
    return ratioOf(numerator, denominator);
  }
  return isAdditive(metric) && days.some((one) => one.metric === metric.id) ? sumOf(days, metric.id) : null;
}
