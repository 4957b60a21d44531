import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

/** Another supervisor runs on the same data folder. */
export class AlreadyRunningError extends Error {}

function holderOf(file: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}

/**
 * Takes a data folder for this process; returns what gives it back. Throws AlreadyRunningError where a process that
 * still runs has it. One that was killed holds nothing.
 */
export function takeHome(runFolder: string): () => void {
  const file = join(runFolder, 'up.lock');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder && isRunning(holder))
        throw new AlreadyRunningError(
          `Meshline already runs on this data folder, as process ${holder.pid}. "meshline status" says where it is reached; stop it with Ctrl-C in its terminal, or name another folder with --data.`,
        );
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}
