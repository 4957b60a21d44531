import { type RawBuilder, sql } from 'kysely';
import { monthBounds } from '../../../domain/period/month.ts';
import type { Db } from '../connect.ts';

export type AdjustmentRow = {
  period_month: string;
  business_date: string;
  store_id: string;
  metric: string;
  dimension: string;
  member: string;
  amount_micros: bigint;
  currency: string | null;
  reason: string;
  attempt: number;
  posted_at: Date;
};

async function totalsWhere(db: Db, condition: RawBuilder<unknown>): Promise<AdjustmentRow[]> {
  const { rows } = await sql<AdjustmentRow>`
    select period_month, business_date, store_id, metric, dimension, member, amount_micros, currency, reason, attempt, posted_at
    from prior_period_adjustment where dimension = '' and ${condition}
    order by business_date, store_id, metric, sequence`.execute(db);
  return rows;
}

/** What was posted to a month about days of earlier ones. */
export const postedTo = (db: Db, clientId: string, month: string): Promise<AdjustmentRow[]> =>
  totalsWhere(db, sql`client_id = ${clientId} and period_month = ${month}`);

/** What was posted to later months about a range of days. */
export const postedAbout = (db: Db, clientId: string, from: string, to: string): Promise<AdjustmentRow[]> =>
  totalsWhere(db, sql`client_id = ${clientId} and business_date between ${from} and ${to}`);

/** The same about the days of a month. */
export const postedAboutMonth = (db: Db, clientId: string, month: string): Promise<AdjustmentRow[]> => {
  const { from, to } = monthBounds(month);
  return postedAbout(db, clientId, from, to);
};
