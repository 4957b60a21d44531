import { minorDigits } from '../domain/currency.ts';
import { power10 } from '../domain/decimal.ts';
import { type Catalog, metricCatalog } from '../domain/metrics/catalog.ts';
import { type Comparison, comparisonsOf } from '../domain/reconcile/comparison.ts';
import { explainDifference } from '../domain/reconcile/explain.ts';
import type { ReconcilingItem } from '../domain/reconcile/item.ts';
import { type ControlResult, compareTotals } from '../domain/reconcile.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadValues } from '../infra/postgres/metrics/values.ts';
import { loadModel } from '../infra/postgres/model.ts';
import { type MonthDifferences, monthDifferences } from '../infra/postgres/reconcile/month.ts';
import { storeControlResults } from '../infra/postgres/reconcile/results.ts';
import { type KnownTotal, latestTotals } from '../infra/postgres/reconcile/totals.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { type Differing, findCauses } from './reconcile-causes.ts';

export type ReconciledDay = { matched: number; differences: number; notReconciled: number };
type Compared = Comparison<KnownTotal>;

function unreconciled({ control, ours }: Compared, message: string): ControlResult {
  return {
    controlId: control.id,
    storeId: ours.storeId,
    slice: ours.member,
    metric: control.metric,
    oursMicros: ours.valueMicros,
    theirsMicros: null,
    differenceMicros: null,
    unreconciledMicros: null,
    monthDifferenceMicros: null,
    currency: ours.currency,
    status: 'not_reconciled',
    sourceTotalId: null,
    message,
    items: [],
  };
}

/** Why nothing can be compared, or null. */
function obstacle({ control, ours, total }: Compared): string | null {
  if (!total) return 'no source-reported total is there';
  if (control.evidence === 'same_source') return 'the total was computed from the same source and proves nothing';
  return ours.valueMicros === null ? 'our number is undefined' : null;
}

const roundingOf = (currency: string | null): bigint => (currency ? power10(6 - minorDigits(currency)) : 0n);

function isDiffering(one: Compared): one is Differing {
  return one.total !== null && obstacle(one) === null && one.ours.valueMicros !== one.total.value_micros;
}

function resultOf(one: Compared, month: MonthDifferences, possible: readonly ReconcilingItem[]): ControlResult {
  const { control, ours, total } = one;
  const message = obstacle(one);
  if (message !== null || total === null || ours.valueMicros === null) return unreconciled(one, message ?? '');
  const items = explainDifference(ours.valueMicros - total.value_micros, possible, roundingOf(ours.currency));
  const compared = compareTotals(control, {
    oursMicros: ours.valueMicros,
    theirsMicros: total.value_micros,
    monthBeforeMicros: month(control.id, ours.storeId, ours.member),
    items,
  });
  const { source_total_id: sourceTotalId, value_micros: theirsMicros } = total;
  return { ...unreconciled(one, ''), ...compared, theirsMicros, sourceTotalId, items };
}

async function compareDay(deps: Deps, day: DayKey): Promise<ControlResult[]> {
  const { document: model } = await loadModel(deps.db, day.clientId, day.modelVersion);
  const catalog: Catalog = metricCatalog(model);
  const values = await loadValues(deps.db, day);
  const totals = await latestTotals(deps.db, day.clientId, day.businessDate);
  const compared = model.controls.flatMap((control) => comparisonsOf(model, catalog, control, values, totals));
  const causes: ReadonlyMap<Compared, readonly ReconcilingItem[]> = await findCauses(
    deps,
    { key: day, model, catalog },
    compared.filter(isDiffering),
  );
  const month = await monthDifferences(deps.db, day.clientId, day.businessDate);
  return compared.map((one) => resultOf(one, month, causes.get(one) ?? []));
}

/** Compares the day's numbers with the source-reported totals and names what makes the difference. */
export function createReconcile(deps: Deps) {
  return async function reconcileDay(day: DayKey): Promise<ReconciledDay> {
    await markStage(deps.db, day, 'reconcile');
    const results = await compareDay(deps, day);
    await deps.db.transaction().execute((tx) => storeControlResults(tx, day, results));
    const count = (status: ControlResult['status']) => results.filter((one) => one.status === status).length;
    return { matched: count('matched'), differences: count('difference'), notReconciled: count('not_reconciled') };
  };
}
