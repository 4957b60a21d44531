import { sql } from 'kysely';
import type { NumberKey } from '../../../domain/publish/withhold.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

export type WithheldNumber = {
  storeId: string;
  metric: string;
  dimension: string;
  member: string;
  reason: string;
  exceptionId: string | null;
};

/** Keeps what an attempt held back and why, in place of what an earlier try of it kept; `exceptionId` is null where no exception stands behind it. */
export async function storeWithheld(db: Db, key: AttemptKey, numbers: readonly WithheldNumber[]): Promise<void> {
  const rows = numbers.map((one) => ({
    store_id: one.storeId,
    metric: one.metric,
    dimension: one.dimension,
    member: one.member,
    reason: one.reason,
    exception_id: one.exceptionId,
  }));
  await sql`
    delete from withheld_number
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(db);
  await sql`
    insert into withheld_number (client_id, business_date, attempt, store_id, metric, dimension, member, reason, exception_id)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(store_id text, metric text, dimension text, member text, reason text, exception_id text)`.execute(db);
}

type WithheldRow = {
  store_id: string;
  metric: string;
  dimension: string;
  member: string;
  reason: string;
  exception_id: string | null;
};

export async function loadWithheld(db: Db, key: AttemptKey): Promise<WithheldNumber[]> {
  const { rows } = await sql<WithheldRow>`
    select store_id, metric, dimension, member, reason, exception_id from withheld_number
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}
    order by metric, store_id, dimension, member`.execute(db);
  return rows.map((row) => ({
    storeId: row.store_id,
    metric: row.metric,
    dimension: row.dimension,
    member: row.member,
    reason: row.reason,
    exceptionId: row.exception_id,
  }));
}

/** Members of slices that the attempt which first published their total held back. */
export async function withheldAtFirst(db: Db, { clientId, businessDate }: AttemptKey): Promise<NumberKey[]> {
  const { rows } = await sql<NumberKey>`
    select w.store_id as "storeId", w.metric, w.dimension, w.member from withheld_number w
    join published_number t on t.client_id = w.client_id and t.business_date = w.business_date and t.metric = w.metric
      and t.store_id = w.store_id and t.dimension = '' and t.version = 1 and t.attempt = w.attempt
    where w.client_id = ${clientId} and w.business_date = ${businessDate} and w.dimension <> ''`.execute(db);
  return rows;
}
