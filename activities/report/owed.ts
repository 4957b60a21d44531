import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { formatExact } from '../../domain/money.ts';
import type { OwedNumber } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { placesOf } from './places.ts';
import { type RevisedNumber, revisionsLine } from './revisions.ts';
import { headlineOf } from './version.ts';

/** What a reader of the report may be told of: totals of its metrics at its places. */
export function ofReport(model: OperatingModel, owed: readonly OwedNumber[]): OwedNumber[] {
  const places = placesOf(model).map((one) => one.storeId);
  const { metrics } = model.report;
  const order = (one: OwedNumber) => [metrics.indexOf(one.metric), places.indexOf(one.store_id)] as const;
  return owed
    .filter((one) => one.dimension === '' && metrics.includes(one.metric) && places.includes(one.store_id))
    .sort((a, b) => order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1]);
}

const revisedOf = (model: OperatingModel, one: OwedNumber): RevisedNumber => ({
  metric: metricCatalog(model).get(one.metric)?.title ?? one.metric,
  place: placesOf(model).find((place) => place.storeId === one.store_id)?.name ?? null,
  businessDate: one.business_date,
  oldMicros: one.told_micros,
  newMicros: one.value_micros,
  currency: one.currency,
  reason: one.reason ?? '',
});

const exact = (micros: bigint | null): string | null => (micros === null ? null : formatExact(micros));

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
  const numbers = ofReport(
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
  from: { version: one.told_version, value: exact(one.told_micros) },
  to: { version: one.version, value: exact(one.value_micros) },
  reason: one.reason,
  finality: one.finality,
  certificate: one.certificate,
});
