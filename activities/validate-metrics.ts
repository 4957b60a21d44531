import { historyWanted, judgeAnomaly, judgeSafetyBound } from '../domain/anomaly.ts';
import { previousSameWeekdays } from '../domain/business-day.ts';
import { isClosedDay } from '../domain/calendar.ts';
import type { Judged } from '../domain/checks/metric-result.ts';
import type { CheckResult } from '../domain/checks/result.ts';
import type { MetricDay, PublishedDay } from '../domain/metric-day.ts';
import { metricCatalog } from '../domain/metrics/catalog.ts';
import { publishedHistory } from '../infra/postgres/checks/records.ts';
import { ALL_STORES } from '../infra/postgres/metrics/facts.ts';
import type { StoredValue } from '../infra/postgres/metrics/values.ts';
import type { CheckOf, OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import { computeDayValues } from './day-values.ts';
import type { Deps } from './deps.ts';

type MetricCheck = CheckOf<'safety_bound' | 'anomaly'>;

/** Weeks without a published number make room for earlier ones, up to so many times what is wanted. */
const REACH = 2;

const isMetricCheck = (check: OperatingModel['checks'][number]): check is MetricCheck => 'metric' in check;

async function historyOf(
  { db }: Deps,
  day: DayKey,
  model: OperatingModel,
  value: StoredValue,
  wanted: number,
): Promise<PublishedDay[]> {
  const dates = previousSameWeekdays(day.businessDate, wanted * REACH).filter(
    (date) => !isClosedDay(model.calendar, date),
  );
  const published = await publishedHistory(db, day.clientId, value.storeId, value.metric, dates);
  return dates.flatMap((date) => {
    const valueMicros = published.get(date);
    return valueMicros === undefined ? [] : [{ date, valueMicros }];
  });
}

const labelOf = (model: OperatingModel, value: StoredValue): string =>
  model.stores.length === 1 ? value.metric : `${value.metric} of store ${value.storeId}`;

function judge(check: MetricCheck, metricDay: MetricDay): Judged {
  return check.kind === 'anomaly' ? judgeAnomaly(check, metricDay) : judgeSafetyBound(check, metricDay);
}

async function judgeOne(
  deps: Deps,
  day: DayKey,
  model: OperatingModel,
  check: MetricCheck,
  value: StoredValue,
): Promise<CheckResult> {
  const wanted = check.kind === 'anomaly' ? historyWanted(check) : 1;
  const metricDay: MetricDay = {
    label: labelOf(model, value),
    date: day.businessDate,
    unit: metricCatalog(model).get(value.metric)?.unit ?? 'number',
    currency: value.currency,
    valueMicros: value.valueMicros,
    closedDay: isClosedDay(model.calendar, day.businessDate),
    history: await historyOf(deps, day, model, value, wanted),
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
export async function judgeMetricChecks(deps: Deps, day: DayKey, model: OperatingModel): Promise<CheckResult[]> {
  const checks = model.checks.filter(isMetricCheck);
  if (checks.length === 0) return [];
  const values = await computeDayValues(deps.db, model, day, []);
  const ofStores = values.filter((one) => one.storeId !== ALL_STORES);
  const results: CheckResult[] = [];
  for (const check of checks)
    for (const value of ofStores.filter((one) => one.metric === check.metric))
      results.push(await judgeOne(deps, day, model, check, value));
  return results;
}
