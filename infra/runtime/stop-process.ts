import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const LOOK_AGAIN_MS = 50;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endsWithin(one: ProcessIdentity, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(LOOK_AGAIN_MS))
    if (!isRunning(one)) return true;
  return !isRunning(one);
}

/** Asks a process to end, and after `graceMs` ends it and its whole group. Resolves when it is gone. */
export async function stopProcess(one: ProcessIdentity, name: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isRunning(one)) return;
  signal(one.pid, name);
  if (await endsWithin(one, graceMs)) return;
  signal(-one.pid, 'SIGKILL');
  signal(one.pid, 'SIGKILL');
  await endsWithin(one, graceMs);
}
