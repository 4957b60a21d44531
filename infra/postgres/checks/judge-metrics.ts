import { historyWanted, judgeAnomaly, judgeSafetyBound } from '../../../domain/anomaly.ts';
import { previousSameWeekdays } from '../../../domain/business-day.ts';
import { isClosedDay } from '../../../domain/calendar.ts';
import type { Judged } from '../../../domain/checks/metric-result.ts';
import type { CheckResult } from '../../../domain/checks/result.ts';
import type { MetricDay, PublishedDay } from '../../../domain/metric-day.ts';
import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import type { CheckOf, OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import { computeDayValues } from '../metrics/day-values.ts';
import { ALL_STORES } from '../metrics/slices.ts';
import type { StoredValue } from '../metrics/values.ts';
import { type PublishedTotals, publishedTotals } from './records.ts';

type MetricCheck = CheckOf<'safety_bound' | 'anomaly'>;

/** Weeks without a published number make room for earlier ones, up to so many times what is wanted. */
const REACH = 2;

const isMetricCheck = (check: OperatingModel['checks'][number]): check is MetricCheck => 'metric' in check;

const wantedOf = (check: MetricCheck): number => (check.kind === 'anomaly' ? historyWanted(check) : 1);

/** The same weekdays before a day on which the client trades, the nearest first. */
const tradingDays = (model: OperatingModel, date: string, wanted: number): string[] =>
  previousSameWeekdays(date, wanted * REACH).filter((one) => !isClosedDay(model.calendar, one));

function historyOf(totals: PublishedTotals, value: StoredValue, dates: readonly string[]): PublishedDay[] {
  return dates.flatMap((date) => {
    const valueMicros = totals(value.storeId, value.metric, date);
    return valueMicros === undefined ? [] : [{ date, valueMicros }];
  });
}

const labelOf = (model: OperatingModel, value: StoredValue): string =>
  model.stores.length === 1 ? value.metric : `${value.metric} of store ${value.storeId}`;

function judge(check: MetricCheck, metricDay: MetricDay): Judged {
  return check.kind === 'anomaly' ? judgeAnomaly(check, metricDay) : judgeSafetyBound(check, metricDay);
}

function judgeOne(
  model: OperatingModel,
  date: string,
  totals: PublishedTotals,
  check: MetricCheck,
  value: StoredValue,
): CheckResult {
  const metricDay: MetricDay = {
    label: labelOf(model, value),
    date,
    unit: metricCatalog(model).get(value.metric)?.unit ?? 'number',
    currency: value.currency,
    valueMicros: value.valueMicros,
    closedDay: isClosedDay(model.calendar, date),
    history: historyOf(totals, value, tradingDays(model, date, wantedOf(check))),
  };
  const { id: checkId, kind, severity } = check;
  return {
    checkId,
    kind,
    severity,
    subject: { metric: value.metric, store: value.storeId },
    ...judge(check, metricDay),
  };
}

/**
 * Safety bounds and anomalies of the day's metrics, each store's against its published numbers of the same weekday
 * before this day. A total over stores is judged by its stores: a bound for one shop says nothing of their sum. The
 * metrics are computed here as enrich will compute them, totals only and only where one is checked.
 */
export async function judgeMetricChecks(
  db: Db,
  day: { clientId: string; businessDate: string },
  model: OperatingModel,
): Promise<CheckResult[]> {
  const checks = model.checks.filter(isMetricCheck);
  if (checks.length === 0) return [];
  const values = await computeDayValues([db], model, day, []);
  const ofStores = values.filter((one) => one.storeId !== ALL_STORES);
  const dates = tradingDays(model, day.businessDate, Math.max(...checks.map(wantedOf)));
  const metrics = checks.map((check) => check.metric);
  const totals = await publishedTotals(db, day.clientId, metrics, dates);
  return checks.flatMap((check) =>
    ofStores
      .filter((value) => value.metric === check.metric)
      .map((value) => judgeOne(model, day.businessDate, totals, check, value)),
  );
}
