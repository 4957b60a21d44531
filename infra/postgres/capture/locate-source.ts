import type { Source } from '../../../schemas/operating-model.ts';
import { locateFile, slotPath } from '../../sources/file/locate.ts';
import type { Db } from '../connect.ts';
import { latestUpload, type Upload } from './uploads.ts';

/**
 * The file that a source is captured from on a day: the latest upload, else the one at the source's place; null where
 * there is neither. Throws SourceFailure for a file that may not be read.
 */
export async function locateSource(
  db: Db,
  roots: readonly string[],
  source: Source,
  { clientId, date }: { clientId: string; date: string },
): Promise<Upload | null> {
  return locateBeside(await latestUpload(db, { clientId, sourceId: source.id, slotDate: date }), roots, source, date);
}

/** The same, where the day's latest upload is known. */
export async function locateBeside(
  uploaded: Upload | undefined,
  roots: readonly string[],
  source: Source,
  date: string,
): Promise<Upload | null> {
  if (uploaded) return uploaded;
  const path = await locateFile(slotPath(source.options.location, date), roots);
  return path === null ? null : { path, name: path };
}
