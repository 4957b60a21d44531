import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '../home.ts';
import { buildTemporal, GO_MODULE_VERSION } from './build.ts';
import { downloadTemporal } from './download.ts';

type Env = Readonly<Record<string, string | undefined>>;
export type Tell = (text: string) => void;

const PROGRAM = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

const runs = (file: string): boolean => spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0;

function onPath(env: Env): string | null {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, PROGRAM)).find((file) => existsSync(file) && runs(file)) ?? null;
}

const cacheOf = (env: Env): string => join(cacheFolder(env), 'temporal');
const cachedFile = (env: Env): string => join(cacheOf(env), GO_MODULE_VERSION, PROGRAM);

/** The Temporal CLI that is at hand: `TEMPORAL_CLI`, else one on the PATH, else the one kept in the cache; null without any. */
export function findTemporalBinary(env: Env = process.env): string | null {
  const named = env.TEMPORAL_CLI;
  if (named && !runs(named)) throw new Error(`TEMPORAL_CLI is ${named}, which does not run. Correct it or unset it.`);
  if (named) return named;
  const path = onPath(env);
  if (path) return path;
  return existsSync(cachedFile(env)) && runs(cachedFile(env)) ? cachedFile(env) : null;
}

/** A program that was got in a folder of its own moves to its place whole, so that two starts at once do not meet. */
function keep(file: string, env: Env): string {
  mkdirSync(join(cacheOf(env), GO_MODULE_VERSION), { recursive: true });
  renameSync(file, cachedFile(env));
  return cachedFile(env);
}

function freshFolder(env: Env): string {
  mkdirSync(cacheOf(env), { recursive: true });
  for (const left of readdirSync(cacheOf(env)).filter((name) => name === `get-${process.pid}`))
    rmSync(join(cacheOf(env), left), { recursive: true, force: true });
  const folder = join(cacheOf(env), `get-${process.pid}`);
  mkdirSync(folder);
  return folder;
}

const NOTHING_TO_DO = [
  'The Temporal CLI is missing: it was neither found nor downloaded, and there is no Go to build it with.',
  'Install it (https://docs.temporal.io/cli/setup-cli) so that "temporal --version" runs, or name it by TEMPORAL_CLI.',
].join(' ');

export type Obtaining = { tell: Tell; signal?: AbortSignal; env?: Env };

/**
 * Finds the Temporal CLI or gets it: downloaded from Temporal, else built from its Go module, and then kept in the
 * cache. Throws an Error that names the single thing to install where none of it works.
 */
export async function obtainTemporalBinary({ tell, signal, env = process.env }: Obtaining): Promise<string> {
  const found = findTemporalBinary(env);
  if (found) return found;
  const folder = freshFolder(env);
  try {
    const file = (await downloadTemporal(folder, tell)) ?? (await buildTemporal(folder, tell, signal));
    if (!file) throw new Error(NOTHING_TO_DO);
    return keep(file, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
