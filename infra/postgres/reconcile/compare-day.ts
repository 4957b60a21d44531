import { minorDigits } from '../../../domain/currency.ts';
import { power10 } from '../../../domain/decimal.ts';
import { metricCatalog } from '../../../domain/metrics/catalog.ts';
import { type Comparison, comparisonsOf } from '../../../domain/reconcile/comparison.ts';
import { explainDifference } from '../../../domain/reconcile/explain.ts';
import type { ReconcilingItem } from '../../../domain/reconcile/item.ts';
import { type ControlResult, compareTotals } from '../../../domain/reconcile.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import type { StoredValue } from '../metrics/values.ts';
import { type MonthDifferences, monthDifferences } from './month.ts';
import { type KnownTotal, latestTotals } from './totals.ts';

/** A comparison with something to explain. */
export type Differing = Comparison<KnownTotal> & { total: KnownTotal };
/** What may have made each difference. */
export type Causes = ReadonlyMap<Comparison<KnownTotal>, readonly ReconcilingItem[]>;
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
    currency: ours.currency,
  });
  const { source_total_id: sourceTotalId, value_micros: theirsMicros } = total;
  return { ...unreconciled(one, ''), ...compared, theirsMicros, sourceTotalId, items };
}

/**
 * Compares the day's numbers with the source-reported totals that are stored.
 * @param findCauses looks for what may have made the differences; causes name a difference and never make it pass
 */
export async function compareDay(
  db: Db,
  model: OperatingModel,
  day: { clientId: string; businessDate: string },
  values: readonly StoredValue[],
  findCauses: (differing: readonly Differing[]) => Promise<Causes>,
): Promise<ControlResult[]> {
  const catalog = metricCatalog(model);
  const totals = await latestTotals(db, day.clientId, day.businessDate);
  const compared = model.controls.flatMap((control) => comparisonsOf(model, catalog, control, values, totals));
  const causes = await findCauses(compared.filter(isDiffering));
  const month = await monthDifferences(db, day.clientId, day.businessDate);
  return compared.map((one) => resultOf(one, month, causes.get(one) ?? []));
}
