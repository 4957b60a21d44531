import { metricCatalog } from '../domain/metrics/catalog.ts';
import { sourcesOf } from '../domain/publish/streams.ts';
import { type ControlResult, compareTotals, explainDifference, missingItem } from '../domain/reconcile.ts';
import { markStage } from '../infra/postgres/close/attempt.ts';
import { loadValues, type StoredValue } from '../infra/postgres/metrics/values.ts';
import { loadModel } from '../infra/postgres/model.ts';
import { monthDifference, quarantinedAmounts, storeControlResults } from '../infra/postgres/reconcile/results.ts';
import { latestTotal } from '../infra/postgres/reconcile/totals.ts';
import type { Control, OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

export type ReconciledDay = { matched: number; differences: number; notReconciled: number };

function unreconciled(control: Control, value: StoredValue, message: string): ControlResult {
  return {
    controlId: control.id,
    storeId: value.storeId,
    slice: value.member,
    metric: control.metric,
    oursMicros: value.valueMicros,
    theirsMicros: null,
    differenceMicros: null,
    unreconciledMicros: null,
    monthDifferenceMicros: null,
    currency: value.currency,
    status: 'not_reconciled',
    sourceTotalId: null,
    message,
    items: [],
  };
}

async function reconcileOne(
  { db }: Deps,
  day: DayKey,
  model: OperatingModel,
  control: Control,
  value: StoredValue,
): Promise<ControlResult> {
  const { clientId, businessDate: date } = day;
  const slice = value.dimension === '' ? null : value.member;
  const total = await latestTotal(db, clientId, control.id, date, value.storeId, slice);
  if (!total) return unreconciled(control, value, 'no source-reported total is there');
  if (control.evidence === 'same_source')
    return unreconciled(control, value, 'the total was computed from the same source and proves nothing');
  if (value.valueMicros === null) return unreconciled(control, value, 'our number is undefined');
  const sources = [...sourcesOf(model, metricCatalog(model), control.metric)];
  const quarantined = missingItem('quarantined', await quarantinedAmounts(db, clientId, date, sources));
  const difference = value.valueMicros - total.value_micros;
  const items = explainDifference(difference, quarantined ? [quarantined] : [], []);
  const compared = compareTotals(control, {
    oursMicros: value.valueMicros,
    theirsMicros: total.value_micros,
    monthBeforeMicros: await monthDifference(db, clientId, control.id, value.storeId, date),
    items,
  });
  return {
    ...unreconciled(control, value, ''),
    ...compared,
    theirsMicros: total.value_micros,
    sourceTotalId: total.source_total_id,
    items,
  };
}

/** The numbers of ours that a control compares: its store's or every store's, the total or each member of its slice. */
function comparedValues(control: Control, values: readonly StoredValue[]): StoredValue[] {
  return values.filter(
    (value) =>
      value.metric === control.metric &&
      value.dimension === (control.slice ?? '') &&
      (control.store === undefined || control.store === value.storeId),
  );
}

/** Compares the day's numbers with the source-reported totals and names what makes the difference. */
export function createReconcile(deps: Deps) {
  return async function reconcileDay(day: DayKey): Promise<ReconciledDay> {
    const { document: model } = await loadModel(deps.db, day.clientId, day.modelVersion);
    await markStage(deps.db, day, 'reconcile');
    const values = await loadValues(deps.db, day);
    const results: ControlResult[] = [];
    for (const control of model.controls)
      for (const value of comparedValues(control, values))
        results.push(await reconcileOne(deps, day, model, control, value));
    await deps.db.transaction().execute((tx) => storeControlResults(tx, day, results));
    const count = (status: ControlResult['status']) => results.filter((one) => one.status === status).length;
    return { matched: count('matched'), differences: count('difference'), notReconciled: count('not_reconciled') };
  };
}
