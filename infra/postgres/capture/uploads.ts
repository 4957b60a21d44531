import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { Slot } from './batch.ts';

export type Upload = { path: string; name: string };

/** The file that was last handed in for a slot; it counts before one that lies at the source's location. */
export async function latestUpload(
  db: Db,
  { clientId, sourceId, slotDate }: Omit<Slot, 'slot'>,
): Promise<Upload | undefined> {
  const { rows } = await sql<Upload>`
    select path, file_name as name from upload
    where client_id = ${clientId} and source_id = ${sourceId} and slot_date = ${slotDate}
    order by upload_id desc limit 1`.execute(db);
  return rows[0];
}

/** The files that were last handed in for a source's slots of a range of dates, both included, by date. */
export async function latestUploads(
  db: Db,
  { clientId, sourceId, from, to }: { clientId: string; sourceId: string; from: string; to: string },
): Promise<ReadonlyMap<string, Upload>> {
  const { rows } = await sql<Upload & { slot_date: string }>`
    select distinct on (slot_date) slot_date, path, file_name as name from upload
    where client_id = ${clientId} and source_id = ${sourceId} and slot_date between ${from} and ${to}
    order by slot_date, upload_id desc`.execute(db);
  return new Map(rows.map(({ slot_date: date, ...upload }) => [date, upload]));
}

export type NewUpload = {
  clientId: string;
  sourceId: string;
  slotDate: string;
  fileName: string;
  contentHash: Buffer;
  path: string;
  uploadedBy: string;
};

/** Makes a file the day's upload of its source; false where the present one has the same content. */
export async function insertUpload(tx: Db, one: NewUpload): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into upload (client_id, source_id, slot_date, file_name, content_hash, path, uploaded_by)
    select ${one.clientId}, ${one.sourceId}, ${one.slotDate}, ${one.fileName}, ${one.contentHash}, ${one.path}, ${one.uploadedBy}
    where ${one.contentHash}::bytea is distinct from (
      select content_hash from upload
      where client_id = ${one.clientId} and source_id = ${one.sourceId} and slot_date = ${one.slotDate}
      order by upload_id desc limit 1)`.execute(tx);
  return numAffectedRows === 1n;
}
