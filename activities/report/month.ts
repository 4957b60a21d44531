import { addDays, monthOf } from '../../domain/business-day.ts';
import { isClosedDay } from '../../domain/calendar.ts';
import { inputsOf } from '../../domain/metrics/catalog.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import { type DayTotal, valueOver } from '../../domain/period/over-days.ts';
import type { ReportMaterial } from './material.ts';

export const monthFrom = (date: string): string => `${monthOf(date)}-01`;

/** A client's days at a place in the month so far. */
export const monthDays = ({ history, date }: ReportMaterial, storeId: string): DayTotal[] =>
  history.filter((one) => one.date >= monthFrom(date) && one.storeId === storeId);

/**
 * The first day that the month so far counts, where that is not the month's first day of trade: null for a month that
 * is whole, and for a metric without a month to date.
 */
export function monthSince(material: ReportMaterial, storeId: string, metric: Metric): string | null {
  if (monthToDate(material, storeId, metric) === null) return null;
  const counted = [metric.id, ...inputsOf(metric)];
  const [first] = monthDays(material, storeId)
    .filter((one) => counted.includes(one.metric))
    .map((one) => one.date)
    .sort();
  return first === undefined || first <= firstDayOfTrade(material) ? null : first;
}

function firstDayOfTrade({ model, date }: ReportMaterial): string {
  let day = monthFrom(date);
  while (day < date && isClosedDay(model.calendar, day)) day = addDays(day, 1);
  return day;
}

/** A month so far, as what the metric comes to over its published days. */
export const monthToDate = (material: ReportMaterial, storeId: string, metric: Metric): bigint | null =>
  valueOver(monthDays(material, storeId), metric);
