import { computedMetrics } from '../../../domain/metrics/catalog.ts';
import {
  computeAcrossStores,
  computeMetrics,
  type MetricValue,
  type StoreValues,
} from '../../../domain/metrics/compute.ts';
import { definitionId, type Metric } from '../../../domain/metrics/definition.ts';
import { converter } from '../../../domain/rates.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Readers } from '../twin.ts';
import { type FactsWanted, noFacts, readFacts, type SliceFacts } from './facts.ts';
import { ALL_STORES } from './slices.ts';
import type { StoredValue } from './values.ts';

type Place = Pick<SliceFacts, 'storeId' | 'dimension' | 'member'>;
type Day = { clientId: string; businessDate: string };

/** Every store has a total of the day, also one without a single entry. */
function withEmptyStores(model: OperatingModel, slices: readonly SliceFacts[]): SliceFacts[] {
  const missing = model.stores.filter(
    (store) => !slices.some((one) => one.storeId === store.id && one.dimension === ''),
  );
  return [...slices, ...missing.map((store) => ({ storeId: store.id, dimension: '', member: '', facts: noFacts() }))];
}

const currencyOf = (model: OperatingModel, storeId: string): string =>
  model.stores.find((one) => one.id === storeId)?.currency ?? model.client.currency;

const placed = (place: Place, values: readonly MetricValue[]): StoredValue[] =>
  values.map(({ metric, valueMicros, currency }) => ({
    storeId: place.storeId,
    metric: metric.id,
    definition: definitionId(metric),
    dimension: place.dimension,
    member: place.member,
    valueMicros,
    currency,
  }));

const sliceKey = (place: Pick<Place, 'dimension' | 'member'>): string =>
  JSON.stringify([place.dimension, place.member]);

/** The client's own values of every slice that one of its stores has. */
function clientValues(
  model: OperatingModel,
  date: string,
  metrics: readonly Metric[],
  values: readonly StoredValue[],
  across: readonly SliceFacts[],
): StoredValue[] {
  const convert = converter(model, date);
  return [...Map.groupBy(values, sliceKey).values()].flatMap((slice) => {
    const { dimension, member } = slice[0]!;
    const stores: StoreValues[] = [...Map.groupBy(slice, (one) => one.storeId)].map(([storeId, own]) => ({
      currency: currencyOf(model, storeId),
      values: new Map(own.map((one) => [one.metric, one.valueMicros])),
    }));
    const facts = across.find((one) => sliceKey(one) === sliceKey(slice[0]!))?.facts ?? noFacts();
    const computed = computeAcrossStores(metrics, stores, facts, model.client.currency, convert);
    return placed({ storeId: ALL_STORES, dimension, member }, computed);
  });
}

/** What numbers are broken down by: the slices of the report, and those that a control compares. */
export function dimensionsOf({ report, controls }: OperatingModel): string[] {
  return [...new Set([...(report.slices ?? []), ...controls.flatMap((control) => control.slice ?? [])])];
}

/** Whether a model has metrics that tell customers apart. */
export const countsCustomers = (model: OperatingModel): boolean =>
  computedMetrics(model).some(({ formula }) => formula.by === 'customers');

/** Which facts the metrics are made of. */
function factsFor(metrics: readonly Metric[], acrossStores: boolean): FactsWanted {
  const made = (by: Metric['formula']['by']) => metrics.some(({ formula }) => formula.by === by);
  return { orders: made('orders'), customers: made('customers'), acrossStores };
}

/**
 * Computes a day's metrics from the ledger: of each store, of each member of the given dimensions and, where a client
 * has several stores, of the client. A client with one store has that store's numbers and no others.
 */
export async function computeDayValues(
  readers: Readers,
  model: OperatingModel,
  { clientId, businessDate }: Day,
  dimensions: readonly string[],
): Promise<StoredValue[]> {
  const metrics = computedMetrics(model);
  const several = model.stores.length > 1;
  const slices = await readFacts(readers, clientId, businessDate, dimensions, factsFor(metrics, several));
  const ofStores = slices.filter((one) => one.storeId !== ALL_STORES);
  const values = withEmptyStores(model, ofStores).flatMap((slice) =>
    placed(slice, computeMetrics(metrics, slice.facts, currencyOf(model, slice.storeId))),
  );
  if (!several) return values;
  const across = slices.filter((one) => one.storeId === ALL_STORES);
  return [...values, ...clientValues(model, businessDate, metrics, values, across)];
}
