import { addDays, monthOf } from '../../domain/business-day.ts';
import type { Metric } from '../../domain/metrics/definition.ts';
import { formatExact } from '../../domain/money.ts';
import { sourcesOf } from '../../domain/publish/streams.ts';
import type { ReportRow } from '../../infra/mail/report/view.ts';
import type { ReportMaterial } from './material.ts';
import { changePercent, printValue } from './scale.ts';

export const WITHHELD_WORDS: Readonly<Record<string, string>> = {
  insufficient_history: 'there is not enough customer history before this day to tell new from returning',
};

export const reasonWords = (reason: string): string => WITHHELD_WORDS[reason] ?? reason;

type Place = { material: ReportMaterial; storeId: string; metric: Metric };

const isCount = (metric: Metric): boolean => metric.unit === 'count';

export const totalOn = ({ material, storeId, metric }: Place, date: string): bigint | null =>
  material.history.find((one) => one.business_date === date && one.store_id === storeId && one.metric === metric.id)
    ?.value_micros ?? null;

/** A month is the sum of its published days; a ratio's month is the ratio of the months of its parts. */
function monthToDate(place: Place): bigint | null {
  const { material, storeId, metric } = place;
  const from = `${monthOf(material.date)}-01`;
  const days = material.history.filter((one) => one.business_date >= from && one.store_id === storeId);
  const sum = (id: string) =>
    days.filter((one) => one.metric === id).reduce((all, one) => all + (one.value_micros ?? 0n), 0n);
  if (metric.formula.by !== 'ratio') return days.some((one) => one.metric === metric.id) ? sum(metric.id) : null;
  const denominator = sum(metric.formula.denominator);
  const numerator = metric.formula.numerator.reduce((all, id) => all + sum(id), 0n);
  return denominator === 0n ? null : (numerator * 1_000_000n) / denominator;
}

function controlNote({ material, storeId, metric }: Place): string {
  const own = material.controls.filter(
    (one) => one.metric === metric.id && one.storeId === storeId && one.slice === '',
  );
  const notes = own.map((one) => {
    if (one.status === 'matched') return `agrees with ${one.controlId} to ${formatExact(one.differenceMicros ?? 0n)}`;
    return one.status === 'difference'
      ? `differs from ${one.controlId}`
      : `no total by ${one.controlId} to compare with yet`;
  });
  return notes.length > 0 ? notes.join('; ') : 'no source-reported total to compare with';
}

/** Where a number comes from, in one line. */
function provenance(place: Place): string {
  const { material, metric } = place;
  const sources = sourcesOf(material.model, material.catalog, metric.id);
  const counted = material.counts.filter((one) => sources.has(one.source_id));
  const records = counted.map(
    (one) => `${one.records.toLocaleString('en')} records of ${one.source_id}, ${one.quarantined} quarantined`,
  );
  return [records.length > 0 ? records.join('; ') : 'no records on this day', controlNote(place)].join('; ');
}

/** One line of the report: a metric of a store. */
export function rowOf(place: Place, title: string, key: string): ReportRow {
  const { material, storeId, metric } = place;
  const of = <T extends { metric: string; dimension: string }>(one: T, store: string) =>
    one.metric === metric.id && one.dimension === '' && store === storeId;
  const number = material.numbers.find((one) => of(one, one.store_id));
  const withheld = material.withheld.find((one) => of(one, one.storeId));
  const before = addDays(material.date, -7);
  const weekBefore = totalOn(place, before);
  const now = number?.value_micros ?? null;
  const currency =
    metric.unit === 'money' || metric.unit === 'money_per_count'
      ? (number?.currency ?? material.model.client.currency)
      : null;
  const print = (micros: bigint | null) => printValue(micros, currency, isCount(metric));
  return {
    metric: key,
    title,
    value: print(now),
    currency,
    status: number ? number.status : 'withheld',
    certificate: number?.certificate ?? null,
    sameWeekday: { date: before, value: print(weekBefore) },
    changePercent: changePercent(now, weekBefore),
    monthToDate: print(monthToDate(place)),
    definition: number?.definition ?? `${metric.id}@${metric.version}`,
    provenance: provenance(place),
    withheldReason: number ? null : reasonWords(withheld?.reason ?? 'the day is not published yet'),
  };
}
