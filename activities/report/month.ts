import { addDays, monthOf } from '../../domain/business-day.ts';
import { isClosedDay } from '../../domain/calendar.ts';
import { divideRounded } from '../../domain/decimal.ts';
import { inputsOf } from '../../domain/metrics/catalog.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import type { DayValue } from '../../infra/postgres/report/numbers.ts';
import type { ReportMaterial } from './material.ts';

const ONE_MICROS = 1_000_000n;

const sumOf = (days: readonly DayValue[], metricId: string): bigint =>
  days.filter((one) => one.metric === metricId).reduce((sum, one) => sum + (one.value_micros ?? 0n), 0n);

/** The days on which everything that a ratio is made of is published: any other would tilt it. */
export function wholeDays(days: readonly DayValue[], parts: readonly string[]): DayValue[] {
  const byDate = Map.groupBy(days, (one) => one.business_date);
  return [...byDate.values()].filter((day) => parts.every((id) => day.some((one) => one.metric === id))).flat();
}

export const monthFrom = (date: string): string => `${monthOf(date)}-01`;

/** A client's days at a place in the month so far. */
export const monthDays = ({ history, date }: ReportMaterial, storeId: string): DayValue[] =>
  history.filter((one) => one.business_date >= monthFrom(date) && one.store_id === storeId);

/**
 * The first day that the month so far counts, where that is not the month's first day of trade: null for a month that
 * is whole, and for a metric without a month to date.
 */
export function monthSince(material: ReportMaterial, storeId: string, metric: Metric): string | null {
  if (monthToDate(material, storeId, metric) === null) return null;
  const counted = [metric.id, ...inputsOf(metric)];
  const [first] = monthDays(material, storeId)
    .filter((one) => counted.includes(one.metric))
    .map((one) => one.business_date)
    .sort();
  return first === undefined || first <= firstDayOfTrade(material) ? null : first;
}

function firstDayOfTrade({ model, date }: ReportMaterial): string {
  let day = monthFrom(date);
  while (day < date && isClosedDay(model.calendar, day)) day = addDays(day, 1);
  return day;
}

/**
 * What a metric comes to over days: the sum of its published days, and a ratio's the ratio of the sums of its parts.
 * Customers of single days do not add up to those of more: but for new ones, who are new once, there is none.
 */
export function valueOver(days: readonly DayValue[], metric: Metric): bigint | null {
  const { formula } = metric;
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

/** A month so far, as what the metric comes to over its published days. */
export const monthToDate = (material: ReportMaterial, storeId: string, metric: Metric): bigint | null =>
  valueOver(monthDays(material, storeId), metric);
