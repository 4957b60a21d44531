import { monthOf } from '../../domain/business-day.ts';
import { divideRounded } from '../../domain/decimal.ts';
import { inputsOf } from '../../domain/metrics/catalog.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import type { DayValue } from '../../infra/postgres/report/numbers.ts';
import type { ReportMaterial } from './material.ts';

const ONE_MICROS = 1_000_000n;

const sumOf = (days: readonly DayValue[], metricId: string): bigint =>
  days.filter((one) => one.metric === metricId).reduce((sum, one) => sum + (one.value_micros ?? 0n), 0n);

/** The days on which everything that a ratio is made of is published: any other would tilt it. */
function wholeDays(days: readonly DayValue[], parts: readonly string[]): DayValue[] {
  const byDate = Map.groupBy(days, (one) => one.business_date);
  return [...byDate.values()].filter((day) => parts.every((id) => day.some((one) => one.metric === id))).flat();
}

/**
 * A month so far is the sum of its published days, and a ratio's the ratio of the sums of its parts. Customers of single
 * days do not add up to those of a month: but for new ones, who are new once, there is none.
 */
export function monthToDate({ history, date }: ReportMaterial, storeId: string, metric: Metric): bigint | null {
  const { formula } = metric;
  const from = `${monthOf(date)}-01`;
  const days = history.filter((one) => one.business_date >= from && one.store_id === storeId);
  if (formula.by === 'customers' && formula.count !== 'new') return null;
  if (formula.by !== 'ratio') return days.some((one) => one.metric === metric.id) ? sumOf(days, metric.id) : null;
  const whole = wholeDays(days, inputsOf(metric));
  const denominator = sumOf(whole, formula.denominator);
  const numerator = formula.numerator.reduce((sum, id) => sum + sumOf(whole, id), 0n);
  if (denominator === 0n) return null;
  return denominator < 0n
    ? divideRounded(-numerator * ONE_MICROS, -denominator)
    : divideRounded(numerator * ONE_MICROS, denominator);
}
