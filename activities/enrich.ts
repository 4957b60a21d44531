import { definitionId, type Metric } from '../domain/metrics/definition.ts';
import { computedMetrics } from '../domain/metrics/catalog.ts';
import { computeMetrics } from '../domain/metrics/compute.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { readInputs, rememberInputs } from '../infra/postgres/close/inputs.ts';
import { noFacts, readFacts, type SliceFacts } from '../infra/postgres/metrics/facts.ts';
import { type StoredValue, storeValues } from '../infra/postgres/metrics/values.ts';
import { loadModel } from '../infra/postgres/model.ts';
import type { OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

export type EnrichedDay = { values: number };

/** Every store has a total of the day, also one without a single entry. */
function withEmptyStores(model: OperatingModel, slices: readonly SliceFacts[]): SliceFacts[] {
  const missing = model.stores.filter((store) => !slices.some((one) => one.storeId === store.id && one.dimension === ''));
  return [...slices, ...missing.map((store) => ({ storeId: store.id, dimension: '', member: '', facts: noFacts() }))];
}

function valuesOf(model: OperatingModel, metrics: readonly Metric[], slice: SliceFacts): StoredValue[] {
  const store = model.stores.find((one) => one.id === slice.storeId);
  const computed = computeMetrics(metrics, slice.facts, store?.currency ?? model.client.currency);
  return computed.map(({ metric, valueMicros, currency }) => ({
    storeId: slice.storeId,
    metric: metric.id,
    definition: definitionId(metric),
    dimension: slice.dimension,
    member: slice.member,
    valueMicros,
    currency,
  }));
}

/**
 * Puts the day in context: who was new, which channel and campaign a sale belongs to, and every metric by store and
 * declared slice, computed once for the stages that follow.
 */
export function createEnrich({ db }: Deps) {
  return async function enrichDay(day: DayKey): Promise<EnrichedDay> {
    const { document: model } = await loadModel(db, day.clientId, day.modelVersion);
    await markStage(db, day, 'enrich');
    const metrics = computedMetrics(model);
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const inputs = await readInputs(tx, day.clientId, day.businessDate);
        const slices = await readFacts(tx, day.clientId, day.businessDate, model.report.slices ?? []);
        const values = withEmptyStores(model, slices).flatMap((slice) => valuesOf(model, metrics, slice));
        await storeValues(tx, day, values);
        await rememberInputs(tx, day.clientId, day.businessDate, day.attempt, inputs.hash);
        return { values: values.length };
      });
  };
}
