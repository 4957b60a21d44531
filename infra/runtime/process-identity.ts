import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process, told apart from a later one with the same number by the time at which it started. */
export type ProcessIdentity = { pid: number; startedAt: string };

function startedAtByProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not asked yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function startedAtByPs(pid: number): string | null {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout?.trim() || null;
}

/** When a process started, in the terms of this machine; null where there is none. */
export const startedAt = (pid: number): string | null =>
  existsSync('/proc/self/stat') ? startedAtByProc(pid) : startedAtByPs(pid);

/** Identifies a running process; null where it has ended. */
export function identify(pid: number): ProcessIdentity | null {
  const at = startedAt(pid);
  return at === null ? null : { pid, startedAt: at };
}

export const isRunning = (one: ProcessIdentity): boolean => startedAt(one.pid) === one.startedAt;
