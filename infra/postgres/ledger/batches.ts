import { sql } from 'kysely';
import { ofBatch } from '../capture/raw-event-id.ts';
import type { Db } from '../connect.ts';

/** A batch that the ledger does not yet reflect under the wanted transform version. */
export type PendingBatch = {
  batch_id: bigint;
  slot: string;
  sequence: number;
  overlapping: boolean;
  normalized_with: number | null;
};

/** The batches of a day's slot that are new, or all of them where the transform is another than the one last used. */
export async function pendingBatches(
  db: Db,
  clientId: string,
  sourceId: string,
  date: string,
  transformVersion: number,
): Promise<PendingBatch[]> {
  const { rows } = await sql<PendingBatch>`
    select batch_id, slot, sequence, overlapping, normalized_with from capture_batch
    where client_id = ${clientId} and source_id = ${sourceId} and slot_date = ${date}
      and normalized_with is distinct from ${transformVersion}
    order by batch_id`.execute(db);
  return rows;
}

export async function markNormalized(db: Db, batchIds: readonly bigint[], transformVersion: number): Promise<void> {
  await sql`
    update capture_batch set normalized_with = ${transformVersion}
    where batch_id = any(${batchIds.map(String)}::bigint[])`.execute(db);
}

/** The column names of each batch of a source, needed to read its CSV records again. */
export async function batchFields(db: Db, clientId: string, sourceId: string): Promise<Map<bigint, string[]>> {
  const { rows } = await sql<{ batch_id: bigint; fields: string[] }>`
    select batch_id, fields from capture_batch where client_id = ${clientId} and source_id = ${sourceId}`.execute(db);
  return new Map(rows.map((row) => [row.batch_id, row.fields]));
}

/** Whether a first capture still stands as it was read: not normalized, not followed by another, touched by no other. */
export async function standsAlone(db: Db, batchId: bigint, inactive: number): Promise<boolean> {
  const { rows } = await sql`
    select from capture_batch b
    where b.batch_id = ${batchId} and b.normalized_with is null and not b.overlapping
      and not exists (select from capture_batch l where l.client_id = b.client_id and l.source_id = b.source_id
        and l.slot_date = b.slot_date and l.sequence > b.sequence)
      and (select count(*) from inactive_event where ${ofBatch('raw_event_id', batchId)}) = ${inactive}`.execute(db);
  return rows.length > 0;
}

/** Takes back what was posted of records, within the transaction that posted it: nobody has seen it. */
export async function withdrawPosted(db: Db, records: readonly bigint[]): Promise<number> {
  const ids = records.map(String);
  await sql`delete from quarantine where raw_event_id = any(${ids}::bigint[])`.execute(db);
  const { numAffectedRows } = await sql`
    delete from ledger_entry where raw_event_id = any(${ids}::bigint[])`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
