import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type RecordCounts = {
  records: number;
  valid: number;
  quarantined: number;
  duplicates: number;
  suspenseMicros: bigint;
};

/** What a source's records of a business day are: read, valid, in quarantine, duplicate, and the amount in suspense. */
export async function countRecords(db: Db, clientId: string, sourceId: string, date: string): Promise<RecordCounts> {
  const { rows } = await sql<{ standing: number; duplicates: number; quarantined: number; suspense: bigint | null }>`
    select
      count(*) filter (where i.raw_event_id is null)::int as standing,
      count(*) filter (where i.reason = 'duplicate')::int as duplicates,
      (select count(*)::int from quarantine q where q.client_id = ${clientId} and q.source_id = ${sourceId}
        and q.business_date = ${date} and q.released_at is null) as quarantined,
      (select sum(abs(q.amount_micros))::bigint from quarantine q where q.client_id = ${clientId}
        and q.source_id = ${sourceId} and q.business_date = ${date} and q.released_at is null) as suspense
    from raw_event r left join inactive_event i using (raw_event_id)
    where r.client_id = ${clientId} and r.source_id = ${sourceId} and r.business_date = ${date}`.execute(db);
  const row = rows[0]!;
  return {
    records: row.standing + row.duplicates,
    valid: row.standing - row.quarantined,
    quarantined: row.quarantined,
    duplicates: row.duplicates,
    suspenseMicros: row.suspense ?? 0n,
  };
}

/** The field names of the day's slot and of the slot captured before it; null where there is none. */
export async function fieldsSeen(
  db: Db,
  clientId: string,
  sourceId: string,
  date: string,
): Promise<{ now: string[] | null; before: string[] | null }> {
  const { rows } = await sql<{ now: string[] | null; before: string[] | null }>`
    select
      (select fields from capture_batch where client_id = ${clientId} and source_id = ${sourceId} and slot_date = ${date}
        and records > 0 order by batch_id desc limit 1) as now,
      (select fields from capture_batch where client_id = ${clientId} and source_id = ${sourceId} and slot_date < ${date}
        and records > 0 order by slot_date desc, batch_id desc limit 1) as before`.execute(db);
  return rows[0]!;
}

/** Published totals by store, metric and day. */
export type PublishedTotals = (storeId: string, metric: string, date: string) => bigint | undefined;
type TotalRow = { store_id: string; metric: string; business_date: string; value_micros: bigint };

/** Published totals of some metrics on given days, the latest version each; undefined ones are left out. */
export async function publishedTotals(
  db: Db,
  clientId: string,
  metrics: readonly string[],
  dates: readonly string[],
): Promise<PublishedTotals> {
  const { rows } = await sql<TotalRow>`
    select * from (
      select distinct on (store_id, metric, business_date) store_id, metric, business_date, value_micros
      from published_number
      where client_id = ${clientId} and metric = any(${[...metrics]}) and dimension = '' and business_date = any(${[...dates]}::date[])
      order by store_id, metric, business_date, version desc
    ) latest where value_micros is not null`.execute(db);
  const keyOf = (...parts: string[]): string => JSON.stringify(parts);
  const known = new Map(rows.map((row) => [keyOf(row.store_id, row.metric, row.business_date), row.value_micros]));
  return (storeId, metric, date) => known.get(keyOf(storeId, metric, date));
}
