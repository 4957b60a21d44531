import { markStage } from '../infra/postgres/close/attempt.ts';
import { readInputs, rememberInputs } from '../infra/postgres/close/inputs.ts';
import { sortSales } from '../infra/postgres/customers/sales.ts';
import { computeDayValues, countsCustomers, dimensionsOf } from '../infra/postgres/metrics/day-values.ts';
import { storeValues } from '../infra/postgres/metrics/values.ts';
import { loadModel } from '../infra/postgres/model.ts';
import { type Readers, withTwin } from '../infra/postgres/twin.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

export type EnrichedDay = { values: number };

/** Entries from which on a second connection is sooner there than it is missed. */
const LARGE_DAY = 50_000;

/**
 * Puts the day in context: who was new, which channel and campaign a sale belongs to, and every metric by store and
 * declared slice, computed once for the stages that follow.
 */
export function createEnrich({ db, databaseUrl }: Deps) {
  return async function enrichDay(day: DayKey): Promise<EnrichedDay> {
    const { document: model } = await loadModel(db, day.clientId, day.modelVersion);
    await markStage(db, day, 'enrich');
    if (countsCustomers(model)) await sortSales(db, day.clientId, day.businessDate);
    return db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const inputs = await readInputs(tx, day.clientId, day.businessDate);
        const compute = (readers: Readers) => computeDayValues(readers, model, day, dimensionsOf(model));
        const values = inputs.entries < LARGE_DAY ? await compute([tx]) : await withTwin(databaseUrl, tx, compute);
        await storeValues(tx, day, values);
        await rememberInputs(tx, day.clientId, day.businessDate, day.attempt, inputs.hash);
        return { values: values.length };
      });
  };
}
