import { openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LONGEST_BYTES = 20 * 1024 * 1024;

/** Opens a service's log for appending; one that has grown large makes room, and the last one is kept beside it. */
export function openLog(folder: string, name: string): number {
  const file = join(folder, `${name}.log`);
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, 'a', 0o600);
}
