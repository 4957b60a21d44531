import { sql } from 'kysely';
import type { Basis } from '../../../domain/publish/revise.ts';
import type { RevisionReason } from '../../../domain/publish/revision-reason.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import type { StoredValue } from '../metrics/values.ts';

/**
 * A published number by its latest version. `baselineMicros` is the value of the latest version that was not made by
 * the tolerance for small changes: many of those are counted together.
 */
export type LatestNumber = StoredValue & { version: number; baselineMicros: bigint | null; certificateId: bigint };
type LatestRow = {
  store_id: string;
  metric: string;
  definition: string;
  dimension: string;
  member: string;
  version: number;
  value_micros: bigint | null;
  baseline_micros: bigint | null;
  currency: string | null;
  certificate_id: bigint;
};

/** The latest version of each of a day's published numbers. */
export async function latestNumbers(db: Db, clientId: string, date: string): Promise<LatestNumber[]> {
  const { rows } = await sql<LatestRow>`
    select * from (
      select store_id, metric, definition, dimension, member, version, value_micros, currency, certificate_id,
        first_value(value_micros) over (number order by basis = 'tolerance', version desc) as baseline_micros,
        row_number() over (number order by version desc) as place
      from published_number where client_id = ${clientId} and business_date = ${date}
      window number as (partition by metric, store_id, dimension, member)
    ) numbered where place = 1`.execute(db);
  return rows.map((row) => ({
    storeId: row.store_id,
    metric: row.metric,
    definition: row.definition,
    dimension: row.dimension,
    member: row.member,
    version: row.version,
    valueMicros: row.value_micros,
    baselineMicros: row.baseline_micros,
    currency: row.currency,
    certificateId: row.certificate_id,
  }));
}

/** A version to publish: its basis is what released it, its reason why it says something else than the one before. */
export type NewNumber = StoredValue & {
  version: number;
  basis: Basis;
  reason: RevisionReason | null;
  finalAt: Date;
  certificateId: bigint;
};

/** Publishes versions. The key makes a second publication of the same version impossible. */
export async function insertNumbers(db: Db, key: AttemptKey, numbers: readonly NewNumber[]): Promise<void> {
  if (numbers.length === 0) return;
  const rows = numbers.map((one) => ({
    version: one.version,
    store_id: one.storeId,
    metric: one.metric,
    definition: one.definition,
    dimension: one.dimension,
    member: one.member,
    value_micros: one.valueMicros === null ? null : String(one.valueMicros),
    currency: one.currency,
    status: one.valueMicros === null ? 'undefined' : 'published',
    basis: one.basis,
    reason: one.reason,
    finality: one.finalAt.getTime() <= Date.now() ? 'final' : 'provisional',
    final_at: one.finalAt,
    certificate_id: String(one.certificateId),
  }));
  await sql`
    insert into published_number (client_id, business_date, attempt, version, store_id, metric, definition, dimension, member,
      value_micros, currency, status, basis, reason, finality, final_at, certificate_id)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(version integer, store_id text, metric text, definition text,
      dimension text, member text, value_micros bigint, currency text, status text, basis text, reason text, finality text,
      final_at timestamptz, certificate_id bigint)`.execute(db);
}
