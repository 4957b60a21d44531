import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

export type ClaimedRecordRow = {
  kind: string;
  detail: string | null;
  item_micros: bigint;
  records: number;
  place: string | null;
  business_key: string;
  amount_micros: bigint;
};

/** The reconciling items that the last attempt named, each with the first of the records that it claims. */
export async function claimedRecords(db: Db, row: ExceptionRow, most: number): Promise<ClaimedRecordRow[]> {
  const { rows } = await sql<ClaimedRecordRow>`
    select i.kind, i.detail, i.amount_micros as item_micros, i.records, c.place, c.business_key, c.amount_micros
    from reconciling_item i cross join lateral (
      select b.slot || ' line ' || r.line as place, r.business_key, ir.amount_micros
      from reconciling_item_record ir join raw_event r using (raw_event_id) join capture_batch b using (batch_id)
      where ir.item_id = i.item_id order by abs(ir.amount_micros) desc, ir.raw_event_id limit ${most}) c
    where i.client_id = ${row.client_id} and i.business_date = ${row.business_date} and i.attempt = ${row.last_attempt}
      and i.control_id = ${row.control_id} and i.store_id = ${row.store_id} and i.slice = ${row.slice}
    order by i.item_id`.execute(db);
  return rows;
}

export type HistoryRow = { business_date: string; value_micros: bigint | null; currency: string | null; state: string };

/** What was published of a metric on the same weekday of the weeks before, the latest first. */
export async function weekdayHistory(db: Db, row: ExceptionRow, weeks: number): Promise<HistoryRow[]> {
  const { rows } = await sql<HistoryRow>`
    select distinct on (n.business_date) n.business_date, n.value_micros, n.currency,
      case when c.lapsed_at is null then c.state else 'lapsed' end as state
    from published_number n join certificate c using (certificate_id)
    where n.client_id = ${row.client_id} and n.metric = ${row.metric} and n.store_id = ${row.store_id} and n.dimension = ''
      and n.business_date = any(select ${row.business_date}::date - 7 * g from generate_series(1, ${weeks}::int) g)
    order by n.business_date desc, n.version desc`.execute(db);
  return rows;
}

export type CapturedRow = {
  source_id: string;
  file_name: string;
  sequence: number;
  records: number;
  new_records: number;
  changed_records: number;
  gone_records: number;
  captured_at: Date;
  normalized_with: number | null;
};

/** What was captured of each source for a day, the newest first. */
export async function capturesOf(db: Db, clientId: string, date: string): Promise<CapturedRow[]> {
  const { rows } = await sql<CapturedRow>`
    select source_id, file_name, sequence, records, new_records, changed_records, gone_records, captured_at, normalized_with
    from capture_batch where client_id = ${clientId} and slot_date = ${date}
    order by source_id, sequence desc`.execute(db);
  return rows;
}
