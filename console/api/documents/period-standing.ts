import { monthOf } from '../../../domain/business-day.ts';
import type { Catalog } from '../../../domain/metrics/catalog.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import type { AdjustmentRow } from '../../../infra/postgres/period/adjustments.ts';
import { findPeriod } from '../../../infra/postgres/period/rows.ts';
import type { PeriodStanding } from '../../../schemas/api/periods.ts';
import { adjustmentOf, shownState } from './period.ts';

/**
 * What a day's month says of it: that it is closed, and what was posted about the day since. Nothing for an open month
 * without either.
 */
export async function standingOf(
  db: Db,
  clientId: string,
  date: string,
  catalog: Catalog,
  posted: Promise<AdjustmentRow[]>,
): Promise<{ period?: PeriodStanding }> {
  const { month, state } = await findPeriod(db, clientId, monthOf(date));
  const adjustments = (await posted).map((one) => adjustmentOf(catalog, one));
  if (state === 'open' && adjustments.length === 0) return {};
  return { period: { month, state: shownState(state), adjustments } };
}
