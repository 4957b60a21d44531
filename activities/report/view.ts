import { createHash } from 'node:crypto';
import { addDays, datesInRange } from '../../domain/business-day.ts';
import { isClosedDay } from '../../domain/calendar.ts';
import type { DayStatus } from '../../domain/close.ts';
import { minorDigits } from '../../domain/currency.ts';
import { formatMicros } from '../../domain/money.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import type { ReportChart, ReportStatus, ReportView, SliceTable, WithheldItem } from '../../infra/mail/report/view.ts';
import { CHART_DAYS, type ReportMaterial } from './material.ts';
import { reasonWords, rowOf, totalOn } from './rows.ts';
import { printValue, sharePercent } from './scale.ts';

const HEADLINES = ['net_sales', 'total_sales', 'gross_sales'];

/** The report's version names what it shows: every published version, and what is held back. */
function versionOf({ numbers, withheld }: ReportMaterial): string {
  const shown = numbers.map((one) => [one.metric, one.store_id, one.dimension, one.member, one.version]);
  const held = withheld.map((one) => [one.metric, one.storeId, one.dimension, one.member]);
  return createHash('sha256')
    .update(JSON.stringify([shown, held]))
    .digest('hex')
    .slice(0, 12);
}

const headlineOf = ({ model }: ReportMaterial): string =>
  HEADLINES.find((id) => model.report.metrics.includes(id)) ?? model.report.metrics[0]!;

const rowKey = (material: ReportMaterial, storeId: string, metric: string): string =>
  storeId === material.model.stores[0]!.id ? metric : `${storeId}/${metric}`;

function rowsOf(material: ReportMaterial): ReportView['rows'] {
  const { model, catalog } = material;
  return model.stores.flatMap((store) =>
    model.report.metrics.map((id) => {
      const metric = catalog.get(id)!;
      const title = model.stores.length > 1 ? `${metric.title}, ${store.name}` : metric.title;
      return rowOf({ material, storeId: store.id, metric }, title, rowKey(material, store.id, id));
    }),
  );
}

function chartOf(material: ReportMaterial): ReportChart | null {
  const { date, model, catalog } = material;
  const metric = catalog.get(headlineOf(material))!;
  const store = model.stores[0]!;
  const currency = metric.unit === 'money' ? store.currency : null;
  const points = datesInRange(addDays(date, 1 - CHART_DAYS), date).map((day) => {
    const micros = totalOn({ material, storeId: store.id, metric }, day);
    const note = micros === null && isClosedDay(model.calendar, day) ? 'closed' : null;
    return { date: day, value: printValue(micros, currency, metric.unit === 'count'), note };
  });
  if (points.filter((point) => point.value !== null).length < 2) return null;
  const of = model.stores.length > 1 ? `${metric.title}, ${store.name}` : metric.title;
  return { title: `${of}, last ${CHART_DAYS} days`, currency, points };
}

/** The headline metric by each declared dimension, the largest member first. */
function slicesOf(material: ReportMaterial): SliceTable[] {
  const { model, catalog, numbers, withheld } = material;
  const metric = catalog.get(headlineOf(material))!;
  const store = model.stores[0]!;
  return model.report.slices.flatMap((dimension) => {
    const mine = numbers.filter(
      (one) => one.metric === metric.id && one.dimension === dimension && one.store_id === store.id,
    );
    const held = withheld.filter(
      (one) => one.metric === metric.id && one.dimension === dimension && one.storeId === store.id,
    );
    if (mine.length === 0) return [];
    const total =
      numbers.find((one) => one.metric === metric.id && one.dimension === '' && one.store_id === store.id)
        ?.value_micros ?? null;
    const sorted = [...mine].sort((a, b) => Number((b.value_micros ?? 0n) - (a.value_micros ?? 0n)));
    const sum = mine.reduce((all, one) => all + (one.value_micros ?? 0n), 0n);
    const print = (micros: bigint | null) => printValue(micros, store.currency, metric.unit === 'count');
    const residue = total === null || held.length > 0 || total === sum ? null : print(total - sum);
    const rows = sorted.map((one) => ({
      member: one.member,
      value: print(one.value_micros),
      status: one.status,
      sharePercent: sharePercent(one.value_micros, total),
    }));
    const hidden = held.map((one) => ({
      member: one.member,
      value: null,
      status: 'withheld' as const,
      sharePercent: null,
    }));
    return [
      {
        dimension,
        title: `${metric.title} by ${dimension}`,
        currency: store.currency,
        rows: [...rows, ...hidden],
        residue,
      },
    ];
  });
}

function withheldOf({ model, catalog, withheld }: ReportMaterial): WithheldItem[] {
  const shown = withheld.filter((one) => one.dimension === '' && model.report.metrics.includes(one.metric));
  return shown.map((one) => {
    const { owner } = governanceOf(model, { source: null, metric: one.metric });
    return {
      metric: one.metric,
      title: catalog.get(one.metric)?.title ?? one.metric,
      slice: model.stores.length > 1 ? one.storeId : null,
      reason: reasonWords(one.reason),
      owner: model.people.find((person) => person.id === owner)?.name ?? owner,
    };
  });
}

function suspenseOf({ counts, model }: ReportMaterial): ReportView['inSuspense'] {
  const records = counts.reduce((all, one) => all + one.quarantined, 0);
  const known = counts.filter((one) => one.in_suspense_micros !== null);
  const sum = known.reduce((all, one) => all + (one.in_suspense_micros ?? 0n), 0n);
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
  const { model, date, numbers } = material;
  const provisional = numbers.some((one) => one.finality === 'provisional');
  return {
    client: { id: model.client.id, name: model.client.name },
    businessDate: date,
    currency: model.client.currency,
    currencyDigits: minorDigits(model.client.currency),
    reportId: model.report.id,
    version: versionOf(material),
    status: status as ReportStatus,
    finality: provisional ? 'provisional' : 'final',
    finalOn: provisional ? finalOn(material) : null,
    headlineMetric: headlineOf(material),
    rows: rowsOf(material),
    chart: chartOf(material),
    slices: slicesOf(material),
    withheld: withheldOf(material),
    inSuspense: suspenseOf(material),
    revisions: [],
    footer: [
      `The business day is the calendar day in ${model.client.timezone}${model.client.cutOff === '00:00' ? '' : `, cut off at ${model.client.cutOff}`}.`,
      'Management information on the basis of orders; not audited.',
    ],
  };
}
