import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { identify } from '../process-identity.ts';
import { stopProcess } from '../stop-process.ts';
import { postgresBinaries } from './binaries.ts';
import { type Command, unprivileged } from './unprivileged.ts';

export const OWNER = 'meshline';

export type ClusterOptions = {
  /** Folder of the cluster; made and initialised where it is not there. */
  folder: string;
  port: number;
  password: string;
  /** Further `name=value` settings. */
  settings?: readonly string[];
  /** Where Postgres writes its log: a file descriptor, or nowhere. */
  log?: number;
  /** Hears of the process as soon as there is one. */
  onSpawn?: (child: ChildProcess) => void;
};
export type Cluster = {
  /** A URI of the owning role for one of its databases. */
  url(database: string): string;
  stop(): Promise<void>;
};

/** A URI of the owning role. */
export const clusterUrl = (port: number, password: string, database: string): string =>
  `postgres://${OWNER}:${password}@127.0.0.1:${port}/${database}`;

const MEGABYTE = 1024 * 1024;
const LARGEST_BUFFERS_MB = 1024;
/** An eighth of the machine's memory: what a close has just written is read again soon, and others need room too. */
const bufferMegabytes = Math.max(128, Math.min(LARGEST_BUFFERS_MB, Math.floor(totalmem() / MEGABYTE / 8)));

/** A close writes much at once: room for it in the log and in memory, and no compiler for queries of a second. */
const SETTINGS = [
  ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=120', 'jit=off'],
  ...[`shared_buffers=${bufferMegabytes}MB`, `effective_cache_size=${2 * bufferMegabytes}MB`],
  ...['wal_buffers=64MB', 'work_mem=32MB', 'maintenance_work_mem=256MB'],
  ...['max_wal_size=4GB', 'checkpoint_timeout=15min', 'wal_level=minimal', 'max_wal_senders=0'],
];
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;

function launch({ file, args, uid, gid }: Command, log: number | 'ignore' | 'pipe'): ChildProcess {
  // A group of its own: Ctrl-C in a terminal reaches the supervisor only, which stops things in their order.
  return spawn(file, [...args], { uid, gid, cwd: '/', detached: true, stdio: ['ignore', log, log] });
}

async function initialise(command: Command): Promise<void> {
  const child = launch(command, 'pipe');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const [code] = (await Promise.race([
    once(child, 'close'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
  ])) as [number | null];
  if (code !== 0) throw new Error(`Postgres could not be set up: ${output.trim().split('\n').slice(-3).join(' ')}`);
}

/** The cluster is made beside its place and moved there whole, so that a start that was cut off leaves none half made. */
async function ensureCluster({ folder, password }: ClusterOptions): Promise<void> {
  if (existsSync(folder)) return;
  const { initdb } = await postgresBinaries();
  const [fresh, secret] = [`${folder}.new`, `${folder}.password`];
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  const as = unprivileged([dirname(initdb), dirname(folder)]);
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  for (const path of [fresh, secret]) as.own(path);
  try {
    const options = [`--username=${OWNER}`, '--auth=scram-sha-256', `--pwfile=${secret}`, '--encoding=UTF8'];
    await initialise(as.command(initdb, ['-D', fresh, ...options, '--locale=C', '--no-instructions']));
    await rename(fresh, folder);
  } finally {
    await rm(secret, { force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function untilReady(child: ChildProcess, url: string, folder: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(url))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(
        `Postgres ended while it started. Its log says why: ${join(dirname(folder), 'logs', 'postgres.log')}`,
      );
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`Postgres did not answer within ${READY_WITHIN_MS / 1000} seconds.`);
    }
    await sleep(50);
  }
}

/** Asks Postgres to end what runs and close (SIGINT is its "fast" shutdown); resolves when it has. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  await ended;
}

/** Starts a cluster on 127.0.0.1, for this user only; resolves when it answers. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await ensureCluster(options);
  const { folder, port, password } = options;
  const { postgres } = await postgresBinaries();
  const flags = [...SETTINGS, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const as = unprivileged([dirname(postgres), dirname(folder)]);
  const child = launch(as.command(postgres, ['-D', folder, '-p', String(port), ...flags]), options.log ?? 'ignore');
  child.on('error', () => undefined);
  options.onSpawn?.(child);
  const url = (database: string) => clusterUrl(port, password, database);
  await untilReady(child, url('postgres'), folder);
  return { url, stop: () => stop(child) };
}

/**
 * Stops a Postgres that still holds a cluster, by the file that it leaves there. One whose number now belongs to another
 * program has ended already.
 */
export async function stopHolder(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  const identity = Number.isInteger(pid) && pid > 0 ? identify(pid) : null;
  if (!identity || !(await commandOf(pid)).includes(folder)) return;
  await stopProcess(identity, 'SIGINT', STOP_WITHIN_MS);
}

/** The command line of a process, as far as this machine tells. */
const commandOf = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
