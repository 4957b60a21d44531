import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { exactOrNull } from '../../domain/money.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { placesOf } from './places.ts';
import { type RevisedNumber, revisionsLine } from './revisions.ts';
import { headlineOf } from './version.ts';

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
  oldMicros: one.told_micros,
  newMicros: one.value_micros,
  currency: one.currency,
  reason: one.reason ?? '',
});

/** What a report tells beside its day: provisional numbers of other days that its reader was told otherwise. */
export type ToldRevisions = { line: string | null; numbers: readonly OwedNumber[] };

/** The revisions of provisional numbers that a destination is owed, as one line of its report of `date`. */
export function owedRevisions(
  model: OperatingModel,
  date: string,
  destinationId: string,
  owed: readonly OwedNumber[],
): ToldRevisions {
  const mine = owed.filter((one) => one.destination_id === destinationId && one.business_date !== date);
  const numbers = inReportOrder(
    model,
    mine.filter((one) => one.finality === 'provisional'),
  );
  const headline = metricCatalog(model).get(headlineOf({ model }))?.title ?? '';
  const revised = numbers.map((one) => revisedOf(model, one));
  return { line: revisionsLine(revised, { businessDate: date, headline }), numbers };
}

/** An owed number as a system is told of it: exact decimals, and the code of the reason. */
export const revisionData = (one: OwedNumber) => ({
  metric: one.metric,
  store: one.store_id,
  dimension: one.dimension,
  member: one.member,
  businessDate: one.business_date,
  definition: one.definition,
  currency: one.currency,
  from: { version: one.told_version, value: exactOrNull(one.told_micros) },
  to: { version: one.version, value: exactOrNull(one.value_micros) },
  reason: one.reason,
  finality: one.finality,
  certificate: one.certificate,
});
