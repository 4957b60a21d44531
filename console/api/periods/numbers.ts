import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { monthBounds } from '../../../domain/period/month.ts';
import { type PeriodNumber, periodNumbers } from '../../../domain/period/numbers.ts';
import { isLocked } from '../../../domain/period/table.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { loadModel } from '../../../infra/postgres/model.ts';
import { modelVersions } from '../../../infra/postgres/period/facts.ts';
import { adjustedTotals, lockedNumbers } from '../../../infra/postgres/period/numbers.ts';
import type { PeriodRow } from '../../../infra/postgres/period/rows.ts';
import { totalsBetween } from '../../../infra/postgres/publish/totals.ts';
import { findVersion } from '../../../infra/postgres/read/clients.ts';

/**
 * The metrics that the month's days were closed by, the later definition of each; the client's present ones beside
 * them.
 */
export async function catalogOf(tx: Tx, clientId: string, month: string): Promise<Catalog> {
  const latest = await findVersion(tx, clientId, null);
  const catalog = new Map(metricCatalog(latest!.document));
  for (const version of await modelVersions(tx, { clientId, month })) {
    const { document } = await loadModel(tx, clientId, version);
    for (const [id, metric] of metricCatalog(document)) catalog.set(id, metric);
  }
  return catalog;
}

/** A month's numbers as its days and adjustments make them now. */
export const computeNumbers = async (
  tx: Tx,
  clientId: string,
  month: string,
  catalog: Catalog,
): Promise<PeriodNumber[]> =>
  periodNumbers(
    catalog,
    await totalsBetween(tx, clientId, monthBounds(month), null),
    await adjustedTotals(tx, clientId, month),
  );

/** A month's numbers: those that were locked, as long as it is. */
export const numbersOf = (tx: Tx, clientId: string, period: PeriodRow, catalog: Catalog): Promise<PeriodNumber[]> =>
  isLocked(period.state)
    ? lockedNumbers(tx, clientId, period.month, period.locks)
    : computeNumbers(tx, clientId, period.month, catalog);
