import { metricCatalog } from '../domain/metrics/catalog.ts';
import type { ControlResult } from '../domain/reconcile.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import { loadValues } from '../infra/postgres/metrics/values.ts';
import { compareDay } from '../infra/postgres/reconcile/compare-day.ts';
import { storeControlResults } from '../infra/postgres/reconcile/results.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { findCauses } from './reconcile-causes.ts';

export type ReconciledDay = { matched: number; differences: number; notReconciled: number };

async function compare(deps: Deps, key: DayKey): Promise<ControlResult[]> {
  const { document: model, rules } = await loadDayModel(deps.db, key);
  const day = { key, model, rules, catalog: metricCatalog(model) };
  const values = await loadValues(deps.db, key);
  return compareDay(deps.db, model, key, values, (differing) => findCauses(deps, day, differing));
}

/** Compares the day's numbers with the source-reported totals and names what makes the difference. */
export function createReconcile(deps: Deps) {
  return async function reconcileDay(day: DayKey): Promise<ReconciledDay> {
    await markStage(deps.db, day, 'reconcile');
    const results = await compare(deps, day);
    await deps.db.transaction().execute((tx) => storeControlResults(tx, day, results));
    const count = (status: ControlResult['status']) => results.filter((one) => one.status === status).length;
    return { matched: count('matched'), differences: count('difference'), notReconciled: count('not_reconciled') };
  };
}
