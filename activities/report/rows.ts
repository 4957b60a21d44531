import { addDays } from '../../domain/business-day.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import { reasonWords } from '../../domain/publish/reason-words.ts';
import type { ReportRow } from '../../infra/mail/report/view.ts';
import { changeOf } from './change.ts';
import type { ReportMaterial } from './material.ts';
import { monthSince, monthToDate } from './month.ts';
import { currencyAt, lineKey, lineTitle, type Place } from './places.ts';
import { provenanceOf } from './provenance.ts';
import { printValue } from './scale.ts';

/** The published total of a metric and place on a day of the history. */
export const totalOn = ({ history }: ReportMaterial, storeId: string, metricId: string, date: string): bigint | null =>
  history.find((one) => one.date === date && one.storeId === storeId && one.metric === metricId)?.valueMicros ?? null;

/** One line of the report: a metric of a place. */
export function rowOf(material: ReportMaterial, place: Place, metric: Metric): ReportRow {
  const { storeId } = place;
  const isTotal = (one: { metric: string; dimension: string }) => one.metric === metric.id && one.dimension === '';
  const number = material.numbers.find((one) => isTotal(one) && one.store_id === storeId);
  const withheld = material.withheld.find((one) => isTotal(one) && one.storeId === storeId);
  const before = addDays(material.date, -7);
  const weekBefore = totalOn(material, storeId, metric.id, before);
  const now = number?.value_micros ?? null;
  const currency = currencyAt(place, metric);
  const print = (micros: bigint | null) => printValue(micros, currency, metric.unit === 'count');
  return {
    metric: lineKey(place, metric.id),
    title: lineTitle(place, metric),
    value: print(now),
    currency,
    status: number ? number.status : 'withheld',
    certificate: number?.certificate ?? null,
    sameWeekday: { date: before, value: print(weekBefore) },
    changePercent: changeOf(metric, now, weekBefore),
    monthToDate: print(monthToDate(material, storeId, metric)),
    monthSince: monthSince(material, storeId, metric),
    definition: number?.definition ?? `${metric.id}@${metric.version}`,
    provenance: provenanceOf(material, place, metric),
    withheldReason: number ? null : reasonWords(withheld?.reason ?? 'the day is not published yet'),
  };
}
