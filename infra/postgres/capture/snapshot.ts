import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { BatchCounts, Slot } from './batch.ts';

const COLUMNS = sql.raw(
  'client_id, source_id, batch_id, line, occurrence, key_hash, business_key, content_hash, record_version, event_time, business_date, defect, payload, payload_bytes',
);

/** Where a changed file is loaded first. */
export async function createIncoming(db: Db): Promise<void> {
  await sql`
    create temp table incoming on commit drop as
    select ${COLUMNS} from raw_event with no data`.execute(db);
  await sql`alter table incoming alter occurrence set default 1`.execute(db);
}

/**
 * The second and later lines of one key get their number, so that equal lines stay apart and order is kept; says how many.
 * What the planner knows of a table it learnt before this batch was there, hence the tables of their own.
 */
export async function numberOccurrences(db: Db, table: 'incoming' | 'raw_event', batchId: bigint): Promise<number> {
  const loaded = sql.table(table);
  const { numAffectedRows } = await sql`
    create temp table repeated on commit drop as
    select key_hash from ${loaded} where batch_id = ${batchId} group by key_hash having count(*) > 1`.execute(db);
  if (numAffectedRows === 0n) return 0;
  await sql`
    create temp table places on commit drop as
    select ctid as place, key_hash, line from ${loaded} where batch_id = ${batchId}`.execute(db);
  await sql`analyze repeated`.execute(db);
  await sql`analyze places`.execute(db);
  const numbered = await sql`
    with numbered as (
      select place, row_number() over (partition by key_hash order by line) as occurrence
      from places join repeated using (key_hash)
    )
    update ${loaded} t set occurrence = n.occurrence from numbered n where t.ctid = n.place and n.occurrence > 1`.execute(
    db,
  );
  return Number(numbered.numAffectedRows ?? 0n);
}

/** The slot's records before this batch: all that its earlier batches brought and no later one took away. */
export async function createBefore(db: Db, slot: Slot, batchId: bigint): Promise<void> {
  await sql`
    create temp table before on commit drop as
    select r.raw_event_id, r.key_hash, r.content_hash, r.occurrence
    from raw_event r join capture_batch b using (batch_id)
    left join inactive_event i on i.raw_event_id = r.raw_event_id and i.reason = 'gone'
    where b.client_id = ${slot.clientId} and b.source_id = ${slot.sourceId} and b.slot_date = ${slot.slotDate}
      and b.batch_id <> ${batchId} and i.raw_event_id is null`.execute(db);
  await sql`analyze before`.execute(db);
  await sql`analyze incoming`.execute(db);
}

/** Stores what is new or other than before, marks what vanished as gone, and counts by business key. */
export async function applySnapshot(db: Db, slot: Slot, batchId: bigint): Promise<BatchCounts> {
  const same = sql`b.key_hash = i.key_hash and b.content_hash = i.content_hash and b.occurrence = i.occurrence`;
  await sql`
    create temp table added on commit drop as
    select i.key_hash, i.line from incoming i where not exists (select from before b where ${same})`.execute(db);
  await sql`
    create temp table vanished on commit drop as
    select b.raw_event_id, b.key_hash from before b where not exists (select from incoming i where ${same})`.execute(
    db,
  );
  await sql`
    insert into raw_event (${COLUMNS}) select ${COLUMNS} from incoming join added using (key_hash, line)`.execute(db);
  await sql`
    insert into inactive_event (raw_event_id, client_id, batch_id, reason)
    select raw_event_id, ${slot.clientId}, ${batchId}, 'gone' from vanished
    on conflict (raw_event_id) do update set reason = 'gone', batch_id = excluded.batch_id, since = now()`.execute(db);
  const { rows } = await sql<{ records: number; new_keys: number; changed_keys: number; gone_keys: number }>`
    select (select count(*) from incoming)::int as records,
      (select count(distinct key_hash) from added where key_hash not in (select key_hash from before))::int as new_keys,
      (select count(distinct key_hash) from added where key_hash in (select key_hash from before))::int as changed_keys,
      (select count(distinct key_hash) from vanished where key_hash not in (select key_hash from incoming))::int as gone_keys`.execute(
    db,
  );
  const row = rows[0]!;
  return {
    records: row.records,
    newRecords: row.new_keys,
    changedRecords: row.changed_keys,
    goneRecords: row.gone_keys,
  };
}
