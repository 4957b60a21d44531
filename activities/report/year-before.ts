import { datesInRange } from '../../domain/business-day.ts';
import { isClosedDay } from '../../domain/calendar.ts';
import { inputsOf } from '../../domain/metrics/catalog.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import { type DayTotal, valueOver, wholeDays } from '../../domain/period/over-days.ts';
import { monthBesideYearBefore, yearEarlier } from '../../domain/year-earlier.ts';
import type { CountedDays, YearComparison, YearRow } from '../../infra/mail/report/view.ts';
import { changeOf } from './change.ts';
import type { ReportMaterial } from './material.ts';
import { monthDays, monthFrom } from './month.ts';
import { currencyAt, lineKey, lineTitle, type Place, placesOf } from './places.ts';
import { printValue } from './scale.ts';

/** The dates on which a metric is published; for a ratio everything that it is made of. */
function publishedDates(days: readonly DayTotal[], metric: Metric): Set<string> {
  const parts = metric.formula.by === 'ratio' ? inputsOf(metric) : [metric.id];
  return new Set(wholeDays(days, parts).map((one) => one.date));
}

/** Which days of the month a comparison counts: all, those of a stretch, or so many of them. */
function countedDays(month: readonly string[], counted: readonly string[]): CountedDays {
  const [from, to] = [counted[0]!, counted.at(-1)!];
  const isStretch = month.indexOf(to) - month.indexOf(from) + 1 === counted.length;
  if (!isStretch) return { kind: 'some', days: counted.length, of: month.length };
  return counted.length === month.length ? { kind: 'all' } : { kind: 'stretch', from, to };
}

/** Fewer than half of the month's days in pieces compare nothing that a reader could name. */
const isWorthSaying = (counted: CountedDays): boolean => counted.kind !== 'some' || counted.days * 2 >= counted.of;

const within = (days: readonly DayTotal[], dates: readonly string[]): DayTotal[] =>
  days.filter((one) => dates.includes(one.date));

/**
 * A metric over the days that both years have, and only those: a day counts where it is published, or the client does
 * not trade on it, in this year and in the one before. Null where there is no such day.
 */
function rowOf(material: ReportMaterial, place: Place, metric: Metric): YearRow | null {
  const { model, date, yearBefore } = material;
  const present = monthDays(material, place.storeId);
  const past = yearBefore.filter((one) => one.storeId === place.storeId);
  const [out, outBefore] = [publishedDates(present, metric), publishedDates(past, metric)];
  const has = (dates: ReadonlySet<string>, day: string) => dates.has(day) || isClosedDay(model.calendar, day);
  const pairs = monthBesideYearBefore(date).filter(({ day, before }) => has(out, day) && has(outBefore, before));
  const now = within(
    present,
    pairs.map((one) => one.day),
  );
  const before = within(
    past,
    pairs.map((one) => one.before),
  );
  const [value, valueBefore] = [valueOver(now, metric), valueOver(before, metric)];
  if (value === null || valueBefore === null) return null;
  const counted = countedDays(
    datesInRange(monthFrom(date), date),
    pairs.map((one) => one.day),
  );
  if (!isWorthSaying(counted)) return null;
  const currency = currencyAt(place, metric);
  const print = (micros: bigint) => printValue(micros, currency, metric.unit === 'count')!;
  return {
    metric: lineKey(place, metric.id),
    title: lineTitle(place, metric),
    currency,
    value: print(value),
    valueBefore: print(valueBefore),
    changePercent: changeOf(metric, value, valueBefore),
    counted,
    otherDefinitions: otherDefinitions(metric, now, before),
  };
}

/** Definitions of the year before that are not those of this one: then like is not compared with like. */
function otherDefinitions(metric: Metric, now: readonly DayTotal[], before: readonly DayTotal[]): string[] {
  const own = (days: readonly DayTotal[]) => days.flatMap((one) => (one.metric === metric.id ? one.definition : []));
  const present = new Set(own(now));
  return [...new Set(own(before))].filter((one) => !present.has(one)).sort();
}

/** The month so far beside the same days of the same month of the year before; null where no number has both. */
export function yearComparison(material: ReportMaterial): YearComparison | null {
  const { model, catalog, date } = material;
  const rows = placesOf(model).flatMap((place) =>
    model.report.metrics.flatMap((id) => rowOf(material, place, catalog.get(id)!) ?? []),
  );
  return rows.length === 0 ? null : { through: date, throughBefore: yearEarlier(date), rows };
}
