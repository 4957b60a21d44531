import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { analyzeTable, createTempTable, hasRows } from '../temp-table.ts';
import type { BatchCounts, Slot } from './batch.ts';
import { isOfBatch, ofBatch } from './raw-event-id.ts';

const COLUMNS = sql.raw(
  'raw_event_id, client_id, source_id, batch_id, line, occurrence, key_hash, business_key, content_hash, record_version, event_time, business_date, defect, payload, payload_bytes',
);

/** Where a changed file is loaded first. */
export async function createIncoming(db: Db): Promise<void> {
  await createTempTable(
    db,
    'incoming',
    sql`
      select ${COLUMNS} from raw_event with no data`,
  );
  await sql`alter table incoming alter occurrence set default 1`.execute(db);
}

/**
 * The second and later lines of one key get their number, so that equal lines stay apart and order is kept; says how many.
 * What the planner knows of a table it learnt before this batch was there, hence the tables of their own; `repeated` stays.
 * @param suspects keys among which are all that are repeated; null where any may be
 */
export async function numberOccurrences(
  db: Db,
  table: 'incoming' | 'raw_event',
  batchId: bigint,
  suspects: readonly string[] | null,
): Promise<number> {
  const loaded = sql.table(table);
  const suspected = suspects ? sql`and key_hash = any(${[...suspects]}::uuid[])` : sql``;
  await createTempTable(
    db,
    'repeated',
    sql`
      select key_hash from ${loaded} where ${ofBatch('raw_event_id', batchId)} ${suspected}
      group by key_hash having count(*) > 1`,
  );
  if (!(await hasRows(db, 'repeated'))) return 0;
  await analyzeTable(db, 'repeated');
  await createTempTable(
    db,
    'places',
    sql`
      select l.ctid as place, key_hash, l.line from ${loaded} l join repeated using (key_hash)
      where ${ofBatch('l.raw_event_id', batchId)}`,
  );
  await analyzeTable(db, 'places');
  const numbered = await sql`
    with numbered as (
      select place, row_number() over (partition by key_hash order by line) as occurrence from places
    )
    update ${loaded} t set occurrence = n.occurrence from numbered n where t.ctid = n.place and n.occurrence > 1`.execute(
    db,
  );
  return Number(numbered.numAffectedRows ?? 0n);
}

/** The slot's records before this batch: all that its earlier batches brought and no later one took away. */
export async function createBefore(db: Db, slot: Slot, batchId: bigint): Promise<void> {
  await createTempTable(
    db,
    'before',
    sql`
      select r.raw_event_id, r.key_hash, r.content_hash, r.occurrence
    from capture_batch b join raw_event r on ${sql.raw(isOfBatch('r.raw_event_id', 'b.batch_id'))}
    left join inactive_event i on i.raw_event_id = r.raw_event_id and i.reason = 'gone'
    where b.client_id = ${slot.clientId} and b.source_id = ${slot.sourceId} and b.slot_date = ${slot.slotDate}
      and b.batch_id <> ${batchId} and i.raw_event_id is null`,
  );
  await analyzeTable(db, 'before');
  await analyzeTable(db, 'incoming');
}

/** Stores what is new or other than before, marks what vanished as gone, and counts by business key. */
export async function applySnapshot(db: Db, slot: Slot, batchId: bigint): Promise<BatchCounts> {
  const same = sql`b.key_hash = i.key_hash and b.content_hash = i.content_hash and b.occurrence = i.occurrence`;
  await createTempTable(
    db,
    'added',
    sql`
      select i.key_hash, i.line from incoming i where not exists (select from before b where ${same})`,
  );
  await createTempTable(
    db,
    'vanished',
    sql`
      select b.raw_event_id, b.key_hash from before b where not exists (select from incoming i where ${same})`,
  );
  await sql`
    insert into raw_event (${COLUMNS}) select ${COLUMNS} from incoming join added using (key_hash, line)`.execute(db);
  await sql`
    insert into inactive_event (raw_event_id, client_id, batch_id, reason)
    select raw_event_id, ${slot.clientId}, ${batchId}, 'gone' from vanished
    on conflict (raw_event_id) do update set reason = 'gone', batch_id = excluded.batch_id, since = now()`.execute(db);
  return countKeys(db);
}

/** A key counts once, however many lines it has. */
async function countKeys(db: Db): Promise<BatchCounts> {
  const keysOf = (table: string) => sql`(select distinct key_hash from ${sql.table(table)}) k`;
  const isIn = (table: string) => sql`exists (select from ${sql.table(table)} t where t.key_hash = k.key_hash)`;
  const { rows } = await sql<BatchCounts>`
    select (select count(*) from incoming)::int as "records",
      (select count(*) from ${keysOf('added')} where not ${isIn('before')})::int as "newRecords",
      (select count(*) from ${keysOf('added')} where ${isIn('before')})::int as "changedRecords",
      (select count(*) from ${keysOf('vanished')} where not ${isIn('incoming')})::int as "goneRecords"`.execute(db);
  return rows[0]!;
}
