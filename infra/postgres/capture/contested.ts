import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { analyzeTable, createTempTable, hasRows } from '../temp-table.ts';
import type { Slot } from './batch.ts';
import { ofBatch, rawEventId } from './raw-event-id.ts';

const HEX_DIGITS = 32;

/**
 * Whether an earlier record's key begins like one of a batch's. It is asked for the first of them in the order of the
 * index, so that no other way of looking can seem better.
 */
function beginsLikeEarlier(batchId: bigint, stems: readonly string[]) {
  const bound = (digit: string) => sql`rpad(stem, ${sql.lit(HEX_DIGITS)}, ${sql.lit(digit)})::uuid`;
  return sql`exists (
    select from unnest(${[...stems]}::text[]) stem
    where (
      select true from raw_event
      where key_hash >= ${bound('0')} and key_hash <= ${bound('f')} and raw_event_id < ${rawEventId(batchId, 0)}
      order by key_hash limit 1
    ))`;
}

/**
 * Finds the keys that more than one standing record claims, or that just lost one: inside the batch, and against the
 * source's other records. A source whose first batch this is has no others to look at, and new orders mostly begin like no
 * old ones. All other batches are older, so their records have smaller ids: the keys are looked up all at once, in their
 * order, by the index alone.
 */
async function createContested(db: Db, slot: Slot, batch: ReadBatch): Promise<boolean> {
  const { batchId, stems } = batch;
  // Of a first batch all records are stored, so those that were counted as repeated are; of a later one the changed ones.
  const repeated = batch.isFirst
    ? sql`select key_hash from repeated`
    : sql`select key_hash from raw_event where ${ofBatch('raw_event_id', batchId)} and occurrence > 1`;
  await createTempTable(
    db,
    'contested',
    sql`
      ${repeated}
    union
    select key_hash from raw_event
    where raw_event_id < ${rawEventId(batchId, 0)}
      and key_hash = any (array(select key_hash from raw_event where ${ofBatch('raw_event_id', batchId)}))
      and exists (select from capture_batch where client_id = ${slot.clientId} and source_id = ${slot.sourceId} and batch_id <> ${batchId})
      and ${stems === null ? sql`true` : beginsLikeEarlier(batchId, stems)}
    union
    select r.key_hash from inactive_event i join raw_event r using (raw_event_id)
    where i.batch_id = ${batchId} and i.reason = 'gone'`,
  );
  return hasRows(db, 'contested');
}

/** A batch whose records are stored. `stems` are the beginnings of all its keys' hashes in hex; null where they are many. */
export type ReadBatch = { batchId: bigint; isFirst: boolean; stems: readonly string[] | null };

/**
 * Decides for each contested key which record stands: the highest record version, then the latest slot, then the later
 * line. The others are superseded, or duplicates where they say the same. The outcome does not depend on the order in
 * which files were captured.
 */
export async function settleContested(db: Db, slot: Slot, batch: ReadBatch): Promise<{ overlaps: boolean }> {
  const { batchId } = batch;
  if (!(await createContested(db, slot, batch))) return { overlaps: false };
  await analyzeTable(db, 'contested');
  await createTempTable(
    db,
    'ranked',
    sql`
      select r.raw_event_id,
      row_number() over standing as place,
      r.content_hash = first_value(r.content_hash) over standing as equal
    from contested c
    join raw_event r on r.key_hash = c.key_hash
    join capture_batch b on b.batch_id = r.batch_id
    left join inactive_event gone on gone.raw_event_id = r.raw_event_id and gone.reason = 'gone'
    where gone.raw_event_id is null
    window standing as (partition by r.key_hash order by r.record_version collate "C" desc nulls last, b.slot_date desc, r.occurrence desc)`,
  );
  await sql`
    delete from inactive_event i using ranked r where i.raw_event_id = r.raw_event_id and r.place = 1`.execute(db);
  await sql`
    insert into inactive_event (raw_event_id, client_id, batch_id, reason)
    select raw_event_id, ${slot.clientId}, ${batchId}, case when equal then 'duplicate' else 'superseded' end
    from ranked where place > 1
    on conflict (raw_event_id) do update set reason = excluded.reason`.execute(db);
  return { overlaps: await markOverlapping(db, batchId) };
}

/**
 * Notes on every batch that shares a key with this one that its records do not stand alone: whichever of them is
 * normalized first may post entries of the other, so neither may be posted unseen.
 */
async function markOverlapping(db: Db, batchId: bigint): Promise<boolean> {
  const { rows } = await sql<{ overlaps: boolean }>`
    with others as (
      select distinct batch_id from ranked join raw_event using (raw_event_id) where batch_id <> ${batchId}
    ), marked as (
      update capture_batch b set overlapping = true from others o where b.batch_id = o.batch_id and not b.overlapping
    )
    select exists (select from others)
      or exists (select from inactive_event where batch_id = ${batchId} and reason = 'gone') as overlaps`.execute(db);
  return rows[0]!.overlaps;
}

/** The records of a batch that do not stand. */
export async function inactiveOf(db: Db, batchId: bigint): Promise<bigint[]> {
  const { rows } = await sql<{ raw_event_id: bigint }>`
    select raw_event_id from inactive_event where ${ofBatch('raw_event_id', batchId)}`.execute(db);
  return rows.map((row) => row.raw_event_id);
}
