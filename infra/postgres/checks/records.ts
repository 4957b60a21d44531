import { sql } from 'kysely';
import type { DayRecords } from '../capture/day-records.ts';
import type { Db } from '../connect.ts';

export type RecordCounts = {
  records: number;
  valid: number;
  quarantined: number;
  duplicates: number;
  suspenseMicros: bigint;
};

/** What a source's records of a business day are: read, valid, in quarantine, duplicate, and the amount in suspense. */
export function recordCounts(ofDay: readonly DayRecords[], sourceId: string): RecordCounts {
  const found = ofDay.find((one) => one.sourceId === sourceId);
  const { standing = 0, duplicates = 0, quarantined = 0 } = found ?? {};
  return {
    records: standing + duplicates,
    valid: standing - quarantined,
    quarantined,
    duplicates,
    suspenseMicros: found?.suspenseMicros ?? 0n,
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
