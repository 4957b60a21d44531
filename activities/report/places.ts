import type { Metric } from '../../domain/metrics/definition.ts';
import { ALL_STORES } from '../../infra/postgres/metrics/slices.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

/** Whose numbers a line shows: a store's, or those of the client as a whole. */
export type Place = { storeId: string; name: string | null; currency: string };

/** The places of a report, the client as a whole before its stores; a client with one store has that one and no other. */
export function placesOf({ client, stores }: OperatingModel): Place[] {
  if (stores.length === 1) return [{ storeId: stores[0]!.id, name: null, currency: stores[0]!.currency }];
  const ofStores = stores.map(({ id, name, currency }) => ({ storeId: id, name, currency }));
  return [{ storeId: ALL_STORES, name: null, currency: client.currency }, ...ofStores];
}

/** `gross_sales` of the first place, `outlet/gross_sales` of a store beside it: what tells the lines of a report apart. */
export const lineKey = (place: Place, metricId: string): string =>
  place.name === null ? metricId : `${place.storeId}/${metricId}`;

export const lineTitle = (place: Place, metric: Metric): string =>
  place.name === null ? metric.title : `${metric.title}, ${place.name}`;

/** The currency that a metric of a place is in; null for a count or a plain ratio. */
export const currencyAt = (place: Place, { unit }: Metric): string | null =>
  unit === 'money' || unit === 'money_per_count' ? place.currency : null;
