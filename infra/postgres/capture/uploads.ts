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
