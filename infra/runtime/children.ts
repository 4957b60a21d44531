import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
import { stopProcess } from './stop-process.ts';

export type ChildRecord = ProcessIdentity & { name: string; stopSignal: NodeJS.Signals };

const GRACE_MS = 15_000;
const fileOf = (runFolder: string): string => join(runFolder, 'children.json');

function readRecords(runFolder: string): ChildRecord[] {
  try {
    return JSON.parse(readFileSync(fileOf(runFolder), 'utf8')) as ChildRecord[];
  } catch {
    return [];
  }
}

/** The processes that a supervisor has started, kept in a file so that the next one finds those it left behind. */
export class ChildRegister {
  readonly #runFolder: string;
  readonly #records = new Map<string, ChildRecord>();

  constructor(runFolder: string) {
    this.#runFolder = runFolder;
  }

  /** Written in the same tick as the spawn: a child that no file names could never be stopped. */
  note(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identify(pid);
    if (identity) this.#records.set(name, { name, stopSignal, ...identity });
    this.#write();
  }

  forget(name: string): void {
    this.#records.delete(name);
    this.#write();
  }

  #write(): void {
    const file = fileOf(this.#runFolder);
    writeFileSync(`${file}.new`, JSON.stringify([...this.#records.values()]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

/**
 * Stops what an earlier supervisor left behind, the last started first, and says what it was. A process that only
 * happens to have the same number is left alone.
 */
export async function stopOrphans(runFolder: string): Promise<string[]> {
  const orphans = readRecords(runFolder).filter(isRunning).reverse();
  for (const orphan of orphans) await stopProcess(orphan, orphan.stopSignal, GRACE_MS);
  return orphans.map((one) => one.name);
}
