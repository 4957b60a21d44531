import { type ExportPeriod, exportPath } from '../../domain/export/period.ts';
import type { ExportDestination } from '../../schemas/operating-model.ts';
import type { Db, Tx } from '../postgres/connect.ts';
import { claimFile, exportFile, type FileOwner, lockFile, noteWritten } from '../postgres/export/files.ts';
import { exportedRows } from '../postgres/export/rows.ts';
import { exportText } from './format.ts';
import { ExportRefused, placeFile } from './place.ts';
import { type WrittenFile, writeWhole } from './write-file.ts';

const OVERTAKEN = '40001';
const ROUNDS = 5;

/** A path is one destination's for good, and what stood there before is never replaced. */
async function ownPath(db: Db, owner: FileOwner, place: { path: string; exists: boolean }): Promise<string> {
  const { path, exists } = place;
  if (exists && !(await exportFile(db, path)))
    throw new ExportRefused(`${path} is there, and no export has written it. Move it away, or name another location.`);
  const { client_id, destination_id } = await claimFile(db, path, owner);
  if (client_id !== owner.clientId || destination_id !== owner.destinationId)
    throw new ExportRefused(`${path} is written by another destination. Name another location.`);
  return path;
}

/** Under the lock of the file's row: of two that write it, the one that read last is the one that stays. */
async function writeIn(tx: Tx, path: string, text: (tx: Tx) => AsyncIterable<string>): Promise<WrittenFile> {
  await lockFile(tx, path);
  const written = await writeWhole(path, text(tx));
  await noteWritten(tx, path, written.sha256);
  return written;
}

/** Another has written the file since this one read: it is read anew. */
async function untilRead(work: () => Promise<WrittenFile>, round = 1): Promise<WrittenFile> {
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: string }).code !== OVERTAKEN || round === ROUNDS) throw error;
    return untilRead(work, round + 1);
  }
}

/**
 * Writes the file of a period: all published numbers of its days by their present versions. The same versions make the
 * same bytes. Throws ExportRefused where the file may not be written, and the error of the system where it cannot.
 */
export async function writePeriod(
  db: Db,
  clientId: string,
  { id, location, format }: ExportDestination,
  period: ExportPeriod,
  roots: readonly string[],
): Promise<WrittenFile & { path: string }> {
  const place = await placeFile(exportPath(location, period), roots);
  const path = await ownPath(db, { clientId, destinationId: id }, place);
  const text = (tx: Tx) => exportText(exportedRows(tx, clientId, period), format);
  const written = await untilRead(() =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((tx) => writeIn(tx, path, text)),
  );
  return { ...written, path };
}
