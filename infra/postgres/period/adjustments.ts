import { type RawBuilder, sql } from 'kysely';
import { monthsAfter, takesAdjustments } from '../../../domain/period/adjust.ts';
import { monthBounds } from '../../../domain/period/month.ts';
import type { RevisionReason } from '../../../domain/publish/revision-reason.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { lockPeriod } from './rows.ts';

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

async function rowsWhere(db: Db, condition: RawBuilder<unknown>): Promise<AdjustmentRow[]> {
  const { rows } = await sql<AdjustmentRow>`
    select period_month, business_date, store_id, metric, dimension, member, amount_micros, currency, reason, attempt, posted_at
    from prior_period_adjustment where ${condition}
    order by business_date, store_id, metric, sequence`.execute(db);
  return rows;
}

const totalsWhere = (db: Db, condition: RawBuilder<unknown>) => rowsWhere(db, sql`dimension = '' and ${condition}`);

/** What was posted to later months about one number of a day. */
export const postedAboutNumber = (
  db: Db,
  one: { clientId: string; businessDate: string; metric: string; storeId: string; dimension: string; member: string },
): Promise<AdjustmentRow[]> =>
  rowsWhere(
    db,
    sql`client_id = ${one.clientId} and business_date = ${one.businessDate} and metric = ${one.metric}
      and store_id = ${one.storeId} and dimension = ${one.dimension} and member = ${one.member}`,
  );

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

/** The first open month after one, which stays open until the transaction ends. */
export async function firstOpenAfter(db: Db, clientId: string, month: string): Promise<string> {
  const months = monthsAfter(month);
  for (;;) {
    const { value } = months.next();
    const { state } = await lockPeriod(db, clientId, value, false);
    if (takesAdjustments(state)) return value;
  }
}

export type AdjustedSum = { storeId: string; metric: string; dimension: string; member: string; micros: bigint };
type SumRow = { store_id: string; metric: string; dimension: string; member: string; micros: bigint };

/** What was posted about each number of a day, added up. */
export async function adjustedSums(db: Db, clientId: string, date: string): Promise<AdjustedSum[]> {
  const { rows } = await sql<SumRow>`
    select store_id, metric, dimension, member, sum(amount_micros)::bigint as micros from prior_period_adjustment
    where client_id = ${clientId} and business_date = ${date} group by store_id, metric, dimension, member`.execute(db);
  return rows.map(({ store_id: storeId, ...row }) => ({ ...row, storeId }));
}

/** `reopened`: what was posted while the month was locked is taken back, for the day itself says it now. */
export type AdjustmentReason = RevisionReason | 'reopened';
export type NewAdjustment = {
  storeId: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  amountMicros: bigint;
  currency: string | null;
  reason: AdjustmentReason;
};

/** Posts adjustments about a day to a month. The day's lock keeps the sequences of its numbers apart. */
export async function insertAdjustments(
  db: Db,
  key: AttemptKey,
  month: string,
  inputHash: string,
  adjustments: readonly NewAdjustment[],
): Promise<void> {
  const rows = adjustments.map((one) => ({
    store_id: one.storeId,
    metric: one.metric,
    definition: one.definition,
    dimension: one.dimension,
    member: one.member,
    amount_micros: String(one.amountMicros),
    currency: one.currency,
    reason: one.reason,
  }));
  await sql`
    insert into prior_period_adjustment (client_id, business_date, period_month, attempt, input_hash, store_id, metric, definition,
      dimension, member, amount_micros, currency, reason, sequence)
    select ${key.clientId}, ${key.businessDate}, ${month}, ${key.attempt}, ${inputHash}, r.*,
      1 + coalesce((select max(a.sequence) from prior_period_adjustment a
        where a.client_id = ${key.clientId} and a.business_date = ${key.businessDate} and a.metric = r.metric
          and a.store_id = r.store_id and a.dimension = r.dimension and a.member = r.member), 0)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(store_id text, metric text, definition text, dimension text,
      member text, amount_micros bigint, currency text, reason text)`.execute(db);
}
