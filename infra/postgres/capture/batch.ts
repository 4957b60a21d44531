import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type Slot = { clientId: string; sourceId: string; slot: string; slotDate: string };
export type LatestBatch = { batch_id: bigint; sequence: number; content_hash: Buffer; records: number };

/** One capture of a source at a time: a second one waits here and then sees what the first has left. */
export async function lockSource(db: Db, { clientId, sourceId }: Pick<Slot, 'clientId' | 'sourceId'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${clientId}/${sourceId}`}, 0))`.execute(db);
}

/** The last batch of a slot, known by its date: a template that names its files anew names no new slots. */
export async function latestBatch(db: Db, { clientId, sourceId, slotDate }: Slot): Promise<LatestBatch | undefined> {
  const { rows } = await sql<LatestBatch>`
    select batch_id, sequence, content_hash, records from capture_batch
    where client_id = ${clientId} and source_id = ${sourceId} and slot_date = ${slotDate}
    order by sequence desc limit 1`.execute(db);
  return rows[0];
}

export type NewBatch = Slot & { sequence: number; fileName: string };

/**
 * Opens the next batch of a slot; a concurrent capture of the same slot fails on its sequence. What its file holds is
 * told when it is completed, in the same transaction.
 */
export async function insertBatch(db: Db, batch: NewBatch): Promise<bigint> {
  const { rows } = await sql<{ batch_id: bigint }>`
    insert into capture_batch (client_id, source_id, slot, slot_date, sequence, content_hash, file_name, bytes, fields,
      records, new_records, changed_records, gone_records)
    values (${batch.clientId}, ${batch.sourceId}, ${batch.slot}, ${batch.slotDate}, ${batch.sequence},
      '', ${batch.fileName}, 0, '{}', 0, 0, 0, 0)
    returning batch_id`.execute(db);
  return rows[0]!.batch_id;
}

export type BatchCounts = { records: number; newRecords: number; changedRecords: number; goneRecords: number };

/** `overlaps` tells that the source already had a record under one of the batch's keys. */
export type CompletedBatch = BatchCounts & {
  contentHash: Buffer;
  bytes: number;
  fields: readonly string[];
  overlaps: boolean;
};

export async function completeBatch(db: Db, batchId: bigint, batch: CompletedBatch): Promise<void> {
  await sql`
    update capture_batch set content_hash = ${batch.contentHash}, bytes = ${batch.bytes},
      fields = ${[...batch.fields]}, overlapping = ${batch.overlaps}, records = ${batch.records}, new_records = ${batch.newRecords}, changed_records = ${batch.changedRecords}, gone_records = ${batch.goneRecords}
    where batch_id = ${batchId}`.execute(db);
}
