import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Whose file it is. */
export type FileOwner = { clientId: string; destinationId: string };
export type ExportFile = { path: string; client_id: string; destination_id: string; sha256: string | null };

/** Takes a path for a destination for good; answers whose it is now, which may be somebody else's. */
export async function claimFile(db: Db, path: string, { clientId, destinationId }: FileOwner): Promise<ExportFile> {
  await sql`
    insert into export_file (path, client_id, destination_id) values (${path}, ${clientId}, ${destinationId})
    on conflict do nothing`.execute(db);
  return (await exportFile(db, path))!;
}

export async function exportFile(db: Db, path: string): Promise<ExportFile | undefined> {
  const { rows } = await sql<ExportFile>`
    select path, client_id, destination_id, sha256 from export_file where path = ${path}`.execute(db);
  return rows[0];
}

/** Notes what stands in a file now. */
export async function noteWritten(db: Db, path: string, sha256: string): Promise<void> {
  await sql`update export_file set sha256 = ${sha256}, written_at = now() where path = ${path}`.execute(db);
}

/** Whoever writes a file holds its row until the end. */
export async function lockFile(tx: Db, path: string): Promise<void> {
  await sql`select from export_file where path = ${path} for update`.execute(tx);
}
