import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './home.ts';
import { openLog } from './log-file.ts';
import type { Service } from './supervised.ts';

const READY_WITHIN_MS = 60_000;

/** Waits for the process to say that it serves, over the channel that it shares with its supervisor. */
function untilReady(child: ChildProcess, name: string, logFolder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const where = `Its log says why: ${join(logFolder, `${name}.log`)}`;
    const fail = (text: string) => {
      clearTimeout(timer);
      reject(new Error(text));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`${name} did not come up within ${READY_WITHIN_MS / 1000} seconds. ${where}`);
    }, READY_WITHIN_MS);
    child.once('error', (error) => fail(`${name} could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      fail(`${name} ended while it started (${signal ?? `code ${code}`}). ${where}`),
    );
    child.on('message', (message) => {
      if (!(message as { ready?: boolean }).ready) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  // Where the processor can guard compiled code with memory keys, V8 loses count of its pages once in a while as threads
  // come and go, and ends the process (nodejs/node#64500).
  '--no-memory-protection-keys',
  // A service waits most of the time: what a larger nursery once took it would keep.
  '--max-semi-space-size=8',
  // Records that wait for the database look old to V8, in some runs and not in others. It would then put all that follow
  // where collecting them is dear.
  '--no-allocation-site-pretenuring',
];

/** A service that is one of our own programs. Its environment holds what it needs, and nothing of ours by accident. */
export function nodeService(
  name: string,
  program: string,
  env: Readonly<Record<string, string>>,
  logFolder: string,
): Service {
  const file = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  return {
    name,
    stopSignal: 'SIGTERM',
    async launch(onSpawn) {
      const log = openLog(logFolder, name);
      const child = spawn(process.execPath, [...NODE_OPTIONS, file], {
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
        env: { NODE_COMPILE_CACHE: join(cacheFolder(process.env), 'compiled'), ...process.env, ...env },
      });
      closeSync(log);
      const ready = untilReady(child, name, logFolder);
      onSpawn(child);
      await ready;
    },
  };
}
