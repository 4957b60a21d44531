import { readFileSync } from 'node:fs';
import type { TestInstallation } from '../support/installation.ts';

export type Victim = 'worker' | 'postgres' | 'temporal';

/** What is killed at one instant. */
export const TARGETS: Readonly<Record<string, readonly Victim[]>> = {
  worker: ['worker'],
  postgres: ['postgres'],
  temporal: ['temporal'],
  'worker+postgres': ['worker', 'postgres'],
  'worker+temporal': ['worker', 'temporal'],
  'postgres+temporal': ['postgres', 'temporal'],
};

/** A process and those that it has started, as far as this machine tells. */
function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
  } catch {
    return [pid];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills with SIGKILL, Postgres with every process of its own: nothing has the time to close anything. */
export function kill({ children }: TestInstallation, victims: readonly Victim[]): void {
  const pids = victims.flatMap((name) => {
    const pid = children.get(name);
    if (!pid) throw new Error(`${name} does not run`);
    return family(pid);
  });
  for (const pid of pids) signal(pid, 'SIGKILL');
}

/** What a kill did to the processes of an installation that it should not have: a victim that lives on, another that fell too. */
export function strays(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  victims: readonly string[],
): string[] {
  return [...before].flatMap(([name, pid]) => {
    const isReplaced = after.get(name) !== pid;
    if (isReplaced === victims.includes(name)) return [];
    return [isReplaced ? `${name} ended too, though nobody killed it` : `${name} was not killed`];
  });
}

/** Stops the worker's clock, so that it cannot report what is committed meanwhile. */
export function freezeWorker(installation: TestInstallation): () => void {
  const pid = installation.children.get('worker')!;
  signal(pid, 'SIGSTOP');
  return () => signal(pid, 'SIGCONT');
}
