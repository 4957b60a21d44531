import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Endpoints } from '../../infra/runtime/endpoints.ts';

const CLI = new URL('../../cli/main.ts', import.meta.url).pathname;
/** A first start may have to build the engine. */
const READY_WITHIN_MS = 15 * 60_000;
const OUTPUT_BYTES = 64 * 1024 * 1024;
const run = promisify(execFile);

/** The whole running system, on a data folder of the benchmark's own. */
export type Installation = {
  endpoints: Endpoints;
  token: string;
  /** Process ids of the workers. */
  workers: number[];
  /** Runs a command with `--json` and returns its document; throws what it says where it does not exit with 0. */
  meshline: (...args: string[]) => Promise<unknown>;
  stop: () => Promise<void>;
};

async function meshline(data: string, args: readonly string[]): Promise<unknown> {
  const options = { env: { ...process.env, MESHLINE_HOME: data }, maxBuffer: OUTPUT_BYTES };
  try {
    return JSON.parse((await run(process.execPath, [CLI, ...args, '--json'], options)).stdout);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`meshline ${args.join(' ')}: ${(stderr + stdout).trim() || message}`);
  }
}

async function untilReady(up: ChildProcess, file: string): Promise<Endpoints> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (up.exitCode !== null) throw new Error(`meshline up ended with ${up.exitCode} before it was ready.`);
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return JSON.parse(text) as Endpoints;
    await sleep(200);
  }
  throw new Error('meshline up was not ready in time.');
}

async function workersOf(data: string): Promise<number[]> {
  const children = JSON.parse(await readFile(join(data, 'run', 'children.json'), 'utf8')) as {
    name: string;
    pid: number;
  }[];
  return children.filter(({ name }) => name.startsWith('worker')).map(({ pid }) => pid);
}

async function stop(up: ChildProcess): Promise<void> {
  if (up.exitCode !== null || up.signalCode !== null) return;
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
}

/** Starts everything with `meshline up --empty`; its words go to stderr. */
export async function startInstallation(data: string): Promise<Installation> {
  const up = spawn(process.execPath, [CLI, 'up', '--empty', '--data', data], { stdio: ['ignore', 2, 2] });
  try {
    const endpoints = await untilReady(up, join(data, 'run', 'endpoints.json'));
    const token = (await readFile(join(data, 'secrets', 'local.token'), 'utf8')).trim();
    const workers = await workersOf(data);
    return { endpoints, token, workers, meshline: (...args) => meshline(data, args), stop: () => stop(up) };
  } catch (error) {
    await stop(up);
    throw error;
  }
}
