import type { OperatingModel } from '../../schemas/operating-model.ts';
import { converter } from '../rates.ts';
import { computeAcrossStores, computeMetrics, type Facts } from './compute.ts';
import type { Metric } from './definition.ts';

/** The client as a whole, all of its stores together. */
const ALL_STORES = '';

export type NumberPlace = { storeId: string; dimension: string; businessDate: string };

/**
 * The value of one number from facts: the last of `metrics`, which come in the order of their dependence. A store's is
 * computed from its facts; the client's, where it has several, from its stores' values.
 * @param factsOf facts by store; under '' the customers of all stores together. A store without facts had no entries.
 */
export function numberValue(
  model: OperatingModel,
  metrics: readonly Metric[],
  { storeId, dimension, businessDate }: NumberPlace,
  factsOf: ReadonlyMap<string, Facts>,
  none: Facts,
): bigint | null {
  const currencyOf = (id: string) => model.stores.find((one) => one.id === id)?.currency ?? model.client.currency;
  const ofStore = (id: string) => computeMetrics(metrics, factsOf.get(id) ?? none, currencyOf(id));
  if (storeId !== ALL_STORES) return ofStore(storeId).at(-1)!.valueMicros;
  // A total is over every store; a slice over the stores that have it.
  const stores = model.stores
    .filter((store) => dimension === '' || factsOf.has(store.id))
    .map((store) => ({
      currency: store.currency,
      values: new Map(ofStore(store.id).map((one) => [one.metric.id, one.valueMicros])),
    }));
  const across = factsOf.get(ALL_STORES) ?? none;
  return computeAcrossStores(metrics, stores, across, model.client.currency, converter(model, businessDate)).at(-1)!
    .valueMicros;
}
