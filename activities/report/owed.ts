import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { valueText } from '../../domain/metrics/print-value.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { type OwedNumber, owedNumbers, type ShownNumber } from '../../infra/postgres/report/told.ts';
import type { MessageDestination, OperatingModel } from '../../schemas/operating-model.ts';
import { placesOf } from './places.ts';
import { readersOf } from './recipients.ts';
import { type RevisedNumber, revisionsLine } from './revisions.ts';
import { compileShown, headlineOf } from './version.ts';

/** What readers of a client are owed. Of members that are new, people hear of those that the report shows. */
export async function readOwed(db: Db, model: OperatingModel): Promise<OwedNumber[]> {
  const owed = await owedNumbers(db, model.client.id);
  if (owed.every((one) => one.told_version !== null)) return owed;
  const isShown = compileShown(model);
  return owed.filter((one) => one.told_version !== null || one.channel === 'webhook' || isShown(one, one.store_id));
}

/** Names a number among those of all days of a client. */
export const placeOf = (one: ShownNumber): string =>
  JSON.stringify([one.business_date, one.store_id, one.metric, one.dimension, one.member]);

/**
 * What the readers of a destination are owed, each number once: against the latest version that any of them was told.
 */
export function owedTo(
  model: OperatingModel,
  to: MessageDestination,
  today: string,
  owed: readonly OwedNumber[],
): OwedNumber[] {
  const readers = new Set(readersOf(model, to, today));
  const mine = owed.filter((one) => one.channel === to.kind && readers.has(one.reader));
  const latestLast = mine.toSorted((a, b) => (a.told_version ?? 0) - (b.told_version ?? 0));
  return [...new Map(latestLast.map((one) => [placeOf(one), one])).values()];
}

/** Where a list has something; what it no longer has comes after all that it has. */
const placeIn = (list: readonly string[], one: string): number => {
  const at = list.indexOf(one);
  return at === -1 ? list.length : at;
};

/**
 * In the order of the report, totals before slices. Whatever its reader was told is in it, also what the report no
 * longer shows: a number that no line sets right would be owed as a correction once it is final.
 */
export function inReportOrder(model: OperatingModel, owed: readonly OwedNumber[]): OwedNumber[] {
  const places = placesOf(model).map((one) => one.storeId);
  const rank = (one: OwedNumber) => [
    Number(one.dimension !== ''),
    placeIn(model.report.metrics, one.metric),
    placeIn(places, one.store_id),
  ];
  return [...owed].sort((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left.map((one, at) => one - right[at]!).find((one) => one !== 0) ?? 0;
  });
}

/** What a reader knows a number by: the metric, of a slice with it, and the store; null for the client as a whole. */
export function shownName(model: OperatingModel, { metric, dimension, member, store_id }: OwedNumber) {
  const title = metricCatalog(model).get(metric)?.title ?? metric;
  return {
    metric: dimension === '' ? title : `${title}, ${dimension} ${member}`,
    place: placesOf(model).find((place) => place.storeId === store_id)?.name ?? null,
  };
}

/** Names what is owed: the number, the version that was told of it, and the one that holds. */
export const versionsTold = (one: OwedNumber) => [
  one.business_date,
  one.metric,
  one.store_id,
  one.dimension,
  one.member,
  one.told_version,
  one.version,
];

const revisedOf = (model: OperatingModel, one: OwedNumber): RevisedNumber => ({
  ...shownName(model, one),
  businessDate: one.business_date,
  isNew: one.told_version === null,
  oldMicros: one.told_micros,
  newMicros: one.value_micros,
  currency: one.currency,
  reason: one.reason ?? '',
});

/** What a report tells beside its day: provisional numbers of other days that its reader was told otherwise. */
export type ToldRevisions = { line: string | null; numbers: readonly OwedNumber[] };

/** The revisions of provisional numbers that a destination is owed, as one line of its report of `date`. */
export function owedRevisions(model: OperatingModel, date: string, owed: readonly OwedNumber[]): ToldRevisions {
  const numbers = inReportOrder(
    model,
    owed.filter((one) => one.finality === 'provisional' && one.business_date !== date),
  );
  const headline = metricCatalog(model).get(headlineOf({ model }))?.title ?? '';
  const revised = numbers.map((one) => revisedOf(model, one));
  return { line: revisionsLine(revised, { businessDate: date, headline }), numbers };
}

/**
 * Owed numbers as a system is told of them: their values as they are everywhere, and the code of the reason. `from` is
 * null where it was not reported.
 */
export function revisionData(model: OperatingModel, owed: readonly OwedNumber[]) {
  const catalog = metricCatalog(model);
  return owed.map((one) => {
    const text = (micros: bigint | null) => valueText(micros, one.currency, { catalog, id: one.metric });
    return {
      metric: one.metric,
      store: one.store_id,
      dimension: one.dimension,
      member: one.member,
      businessDate: one.business_date,
      definition: one.definition,
      currency: one.currency,
      from: one.told_version === null ? null : { version: one.told_version, value: text(one.told_micros) },
      to: { version: one.version, value: text(one.value_micros) },
      reason: one.reason,
      finality: one.finality,
      certificate: one.certificate,
    };
  });
}
