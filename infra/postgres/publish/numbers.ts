import { sql } from 'kysely';
import type { Finality } from '../../../domain/publish/finality.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import type { StoredValue } from '../metrics/values.ts';

/** A published number by its latest version. */
export type LatestNumber = {
  storeId: string;
  metric: string;
  dimension: string;
  member: string;
  version: number;
  valueMicros: bigint | null;
};
type LatestRow = {
  store_id: string;
  metric: string;
  dimension: string;
  member: string;
  version: number;
  value_micros: bigint | null;
};

/** The latest version of each of a day's published numbers. */
export async function latestNumbers(db: Db, clientId: string, date: string): Promise<LatestNumber[]> {
  const { rows } = await sql<LatestRow>`
    select distinct on (metric, store_id, dimension, member) store_id, metric, dimension, member, version, value_micros
    from published_number where client_id = ${clientId} and business_date = ${date}
    order by metric, store_id, dimension, member, version desc`.execute(db);
  return rows.map(({ store_id: storeId, value_micros: valueMicros, ...row }) => ({ ...row, storeId, valueMicros }));
}

export type NewNumber = StoredValue & { finality: Finality; certificateId: bigint };

/** Publishes numbers that have no version yet. The key makes a second publication of the same number impossible. */
export async function insertNumbers(db: Db, key: AttemptKey, numbers: readonly NewNumber[]): Promise<void> {
  if (numbers.length === 0) return;
  const rows = numbers.map((one) => ({
    store_id: one.storeId,
    metric: one.metric,
    definition: one.definition,
    dimension: one.dimension,
    member: one.member,
    value_micros: one.valueMicros === null ? null : String(one.valueMicros),
    currency: one.currency,
    status: one.valueMicros === null ? 'undefined' : 'published',
    finality: one.finality,
    certificate_id: String(one.certificateId),
  }));
  await sql`
    insert into published_number (client_id, business_date, attempt, version, store_id, metric, definition, dimension, member,
      value_micros, currency, status, finality, certificate_id)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, 1, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(store_id text, metric text, definition text, dimension text,
      member text, value_micros bigint, currency text, status text, finality text, certificate_id bigint)`.execute(db);
}
