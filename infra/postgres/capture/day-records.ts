import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { Slot } from './batch.ts';
import { isOfBatch, ofBatch } from './raw-event-id.ts';

/** Numbers of records by business day. */
export type RecordsByDay = ReadonlyMap<string, number>;

/** Notes how many records of each business day a batch has stored. */
export async function storeBatchDays(db: Db, slot: Slot, batchId: bigint, byDay: RecordsByDay): Promise<void> {
  await sql`
    insert into batch_day (client_id, source_id, batch_id, business_date, records)
    select ${slot.clientId}, ${slot.sourceId}, ${batchId}, day, records
    from unnest(${[...byDay.keys()]}::date[], ${[...byDay.values()]}::int[]) as days (day, records)`.execute(db);
}

/** What a batch has stored, for one that does not store all that it read. */
export async function storedByDay(db: Db, batchId: bigint): Promise<RecordsByDay> {
  const { rows } = await sql<{ business_date: string; records: number }>`
    select business_date, count(*)::int as records from raw_event where ${ofBatch('raw_event_id', batchId)}
    group by business_date`.execute(db);
  return new Map(rows.map((row) => [row.business_date, row.records]));
}

/**
 * A source's records of a business day. `read` are all but those that the source took back, `standing` those that are no
 * copy and that no other replaces, `quarantined` is out of these. Amounts in suspense are micros, `suspenseMicros` without
 * their sign; null where none is known.
 */
export type DayRecords = {
  sourceId: string;
  read: number;
  standing: number;
  duplicates: number;
  quarantined: number;
  inSuspenseMicros: bigint | null;
  suspenseMicros: bigint | null;
};

/** Counts a day's records by source, in the order of the sources' ids; a source that has none is left out. */
export async function dayRecords(db: Db, clientId: string, date: string): Promise<DayRecords[]> {
  const { rows } = await sql<DayRecords>`
    with stored as (
      select source_id, batch_id, records from batch_day where client_id = ${clientId} and business_date = ${date}
    ), inactive as (
      select s.source_id, count(*) as records, count(*) filter (where i.reason = 'gone') as gone,
        count(*) filter (where i.reason = 'duplicate') as duplicates
      from stored s
      join inactive_event i on ${sql.raw(isOfBatch('i.raw_event_id', 's.batch_id'))}
      join raw_event r on r.raw_event_id = i.raw_event_id and r.business_date = ${date}
      group by s.source_id
    ), held as (
      select source_id, count(*) as records, sum(amount_micros) as amount, sum(abs(amount_micros)) as size
      from quarantine q
      where client_id = ${clientId} and business_date = ${date} and released_at is null
        and not exists (select from inactive_event i where i.raw_event_id = q.raw_event_id and i.reason = 'gone')
      group by source_id
    )
    select source_id as "sourceId", (s.records - coalesce(i.gone, 0))::int as read,
      (s.records - coalesce(i.records, 0))::int as standing, coalesce(i.duplicates, 0)::int as duplicates,
      coalesce(h.records, 0)::int as quarantined, h.amount::bigint as "inSuspenseMicros", h.size::bigint as "suspenseMicros"
    from (select source_id, sum(records) as records from stored group by source_id) s
    left join inactive i using (source_id) left join held h using (source_id)
    where s.records > coalesce(i.gone, 0)
    order by source_id`.execute(db);
  return rows;
}
