import { stat } from 'node:fs/promises';
import { contentDigest } from './open.ts';

/**
 * Whether a file says something else than when it was captured. A file that nobody has written to since is not read;
 * one that is gone says nothing. Throws SourceFailure for a file that cannot be read.
 */
export async function isRestated(
  path: string,
  captured: { contentHash: Buffer; at: Date },
  maximumBytes: number,
): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.mtimeMs < captured.at.getTime()) return false;
  return !(await contentDigest(path, maximumBytes)).hash.equals(captured.contentHash);
}
