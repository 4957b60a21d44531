import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

/** A computed number of an attempt, before anything is published. `dimension` '' is the total. */
export type StoredValue = {
  storeId: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  valueMicros: bigint | null;
  currency: string | null;
};
type ValueRow = {
  store_id: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  value_micros: bigint | null;
  currency: string | null;
};

const BULK = 5_000;

export async function storeValues(db: Db, key: AttemptKey, values: readonly StoredValue[]): Promise<void> {
  await sql`
    delete from metric_value where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(
    db,
  );
  for (let at = 0; at < values.length; at += BULK) {
    const rows = values.slice(at, at + BULK).map((one) => ({
      store_id: one.storeId,
      metric: one.metric,
      definition: one.definition,
      dimension: one.dimension,
      member: one.member,
      value_micros: one.valueMicros === null ? null : String(one.valueMicros),
      currency: one.currency,
    }));
    await sql`
      insert into metric_value (client_id, business_date, attempt, store_id, metric, definition, dimension, member, value_micros, currency)
      select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(store_id text, metric text, definition text, dimension text, member text, value_micros bigint, currency text)`.execute(
      db,
    );
  }
}

export async function loadValues(db: Db, key: AttemptKey): Promise<StoredValue[]> {
  const { rows } = await sql<ValueRow>`
    select store_id, metric, definition, dimension, member, value_micros, currency from metric_value
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}
    order by store_id, metric, dimension, member`.execute(db);
  return rows.map((row) => ({
    storeId: row.store_id,
    metric: row.metric,
    definition: row.definition,
    dimension: row.dimension,
    member: row.member,
    valueMicros: row.value_micros,
    currency: row.currency,
  }));
}
