import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { openLog } from '../log-file.ts';
import type { Service } from '../supervised.ts';

export type TemporalOptions = {
  binary: string;
  /** Folder of the server's database: runs survive a restart. */
  folder: string;
  logFolder: string;
  port: number;
  uiPort: number;
};

const READY_WITHIN_MS = 60_000;
const PAUSE_MS = 100;
/** What the server says once its ports are its own. */
const SERVES = /^Server:/m;
/** So many in a row, while it lives, stand for its word where another version words it otherwise. */
const CONVINCING_ANSWERS = 50;
/** Measured with bare workflows of ten activities on two cores: three times the runs of the defaults. */
const FAST = [
  ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
  ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
];

/** Whether a server answers at an address. */
export async function temporalAnswers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '2s' });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

/** What a process has written into its log since it was started. */
type Output = () => string;

function outputFrom(log: number, file: string): Output {
  const begin = fstatSync(log).size;
  return () => readFileSync(file).subarray(begin).toString();
}

async function untilReady(child: ChildProcess, options: TemporalOptions, output: Output): Promise<void> {
  const log = join(options.logFolder, 'temporal.log');
  const ends = Date.now() + READY_WITHIN_MS;
  // Whoever answers may be another one that took the port: ours says that it serves, or ends.
  for (let answers = 0; answers < CONVINCING_ANSWERS; await sleep(PAUSE_MS)) {
    answers = (await temporalAnswers(`127.0.0.1:${options.port}`)) ? answers + 1 : 0;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`Temporal ended while it started. Its log says why: ${log}`);
    if (answers > 0 && SERVES.test(output())) return;
    if (Date.now() < ends) continue;
    child.kill('SIGKILL');
    throw new Error(`Temporal did not answer within ${READY_WITHIN_MS / 1000} seconds. Its log says why: ${log}`);
  }
}

/** Temporal's own development server with its UI, on 127.0.0.1, its runs kept in a file. */
export function temporalService(options: TemporalOptions): Service {
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--ui-ip', '127.0.0.1', '--log-level', 'error'],
    ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
    ...['--db-filename', join(options.folder, 'temporal.db')],
    ...FAST,
  ];
  return {
    name: 'temporal',
    stopSignal: 'SIGINT',
    async launch(onSpawn) {
      const log = openLog(options.logFolder, 'temporal');
      const output = outputFrom(log, join(options.logFolder, 'temporal.log'));
      const child = spawn(options.binary, args, { detached: true, stdio: ['ignore', log, log] });
      closeSync(log);
      child.on('error', () => undefined);
      onSpawn(child);
      await untilReady(child, options, output);
    },
  };
}
