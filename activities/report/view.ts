import { addDays, datesInRange } from '../../domain/business-day.ts';
import { isClosedDay } from '../../domain/calendar.ts';
import type { DayStatus } from '../../domain/close.ts';
import { minorDigits } from '../../domain/currency.ts';
import { formatMicros } from '../../domain/money.ts';
import { personName } from '../../domain/people.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import { reasonWords } from '../../domain/publish/reason-words.ts';
import { converter } from '../../domain/rates.ts';
import type {
  ReportChart,
  ReportStatus,
  ReportView,
  SourceCompleteness,
  WithheldItem,
} from '../../infra/mail/report/view.ts';
import { adjustmentItems } from './adjustments.ts';
import { footerOf } from './footer.ts';
import { CHART_DAYS, type ReportMaterial } from './material.ts';
import { currencyAt, lineTitle, placesOf } from './places.ts';
import { rowOf, totalOn } from './rows.ts';
import { printValue } from './scale.ts';
import { sliceTable } from './slices.ts';
import { headlineOf, reportVersion } from './version.ts';
import { yearComparison } from './year-before.ts';

function chartOf(material: ReportMaterial): ReportChart | null {
  const { date, model, catalog } = material;
  const metric = catalog.get(headlineOf(material))!;
  const place = placesOf(model)[0]!;
  const currency = currencyAt(place, metric);
  const points = datesInRange(addDays(date, 1 - CHART_DAYS), date).map((day) => {
    const micros = totalOn(material, place.storeId, metric.id, day);
    const note = micros === null && isClosedDay(model.calendar, day) ? 'closed' : null;
    return { date: day, value: printValue(micros, currency, metric.unit === 'count'), note };
  });
  if (points.filter((point) => point.value !== null).length < 2) return null;
  return { title: `${lineTitle(place, metric)}, last ${CHART_DAYS} days`, currency, points };
}

/** What is held back of the report, but for what an earlier attempt has published. */
function withheldOf(material: ReportMaterial): WithheldItem[] {
  const { model, catalog, withheld, numbers } = material;
  const isTotalOf = (metric: string) => (one: { metric: string; dimension: string }) =>
    one.metric === metric && one.dimension === '';
  return placesOf(model).flatMap(({ storeId, name }) =>
    model.report.metrics.flatMap((metric) => {
      const held = withheld.find((one) => one.storeId === storeId && isTotalOf(metric)(one));
      const isOut = numbers.some((one) => one.store_id === storeId && isTotalOf(metric)(one));
      if (!held || isOut) return [];
      const { owner } = governanceOf(model, { source: null, metric });
      const title = catalog.get(metric)?.title ?? metric;
      return [{ metric, title, slice: name, reason: reasonWords(held.reason), owner: personName(model, owner) }];
    }),
  );
}

/** Valid records of every source beside what it usually has; a source without records is there as well. */
function completenessOf({ model, counts, usual }: ReportMaterial): SourceCompleteness[] {
  return model.sources.map(({ id }) => {
    const own = counts.find((one) => one.sourceId === id);
    return { source: id, valid: (own?.read ?? 0) - (own?.quarantined ?? 0), usual: usual.get(id) ?? null };
  });
}

/** Quarantined records and what is known of their amounts, in the currency of the client. */
function suspenseOf({ counts, model, date }: ReportMaterial): ReportView['inSuspense'] {
  const records = counts.reduce((all, one) => all + one.quarantined, 0);
  const convert = converter(model, date);
  const known = counts.flatMap((one) => {
    const store = model.stores.find((own) => model.sources.some((s) => s.id === one.sourceId && s.store === own.id));
    const amount = one.inSuspenseMicros;
    return amount === null ? [] : (convert(amount, store?.currency ?? model.client.currency) ?? []);
  });
  const sum = known.reduce((all, one) => all + one, 0n);
  return {
    records,
    amount: records > 0 && known.length === 0 ? null : formatMicros(sum, minorDigits(model.client.currency)),
  };
}

function finalOn({ model, date }: ReportMaterial): string {
  return addDays(date, Math.max(0, ...model.sources.map((source) => source.settlingDays)) + 1);
}

/** What a day's report shows. Nothing is computed here but sums of published numbers. */
export function reportView(material: ReportMaterial, status: DayStatus): ReportView {
  const { model, catalog, date, numbers } = material;
  const places = placesOf(model);
  const headline = catalog.get(headlineOf(material))!;
  const provisional = numbers.some((one) => one.finality === 'provisional');
  const { client, report } = model;
  return {
    client: { id: client.id, name: client.name },
    businessDate: date,
    currency: client.currency,
    currencyDigits: minorDigits(client.currency),
    reportId: report.id,
    version: reportVersion(material),
    status: status as ReportStatus,
    finality: provisional ? 'provisional' : 'final',
    finalOn: provisional ? finalOn(material) : null,
    headlineMetric: headline.id,
    rows: places.flatMap((place) => report.metrics.map((id) => rowOf(material, place, catalog.get(id)!))),
    chart: chartOf(material),
    slices: report.slices.flatMap((dimension) => sliceTable(material, places[0]!, headline, dimension) ?? []),
    withheld: withheldOf(material),
    completeness: completenessOf(material),
    inSuspense: suspenseOf(material),
    yearBefore: yearComparison(material),
    revisions: [],
    adjustments: adjustmentItems(material, material.adjustments),
    footer: footerOf(material),
  };
}
