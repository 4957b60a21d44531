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
  const uploaded = await latestUpload(db, { clientId, sourceId: source.id, slotDate: date });
  if (uploaded) return uploaded;
  const path = await locateFile(slotPath(source.options.location, date), roots);
  return path === null ? null : { path, name: path };
}
