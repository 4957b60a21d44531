import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Failure, usage } from './failure.ts';

/** Where `meshline up` says that its services listen; addresses are URLs. */
export type Endpoints = {
  api: string;
  console?: string | null;
  temporalUi?: string | null;
  postgres?: string | null;
  mailbox?: string | null;
};

export type Installation = { endpoints: Endpoints; token: string };

type Environment = Readonly<Record<string, string | undefined>>;

const START =
  'Start it with `npx meshline up`, or name the installation with --data DIR, or with MESHLINE_URL and MESHLINE_TOKEN.';

/** The data folder: --data, else MESHLINE_HOME, else the place that the platform's convention gives. */
export function dataFolder(given: string | undefined, env: Environment = process.env): string {
  const home = given ?? (env.MESHLINE_HOME || undefined);
  if (home !== undefined) return resolve(home);
  return resolve(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'meshline');
}

/** A remote installation by its address; an explicit --data is nearer than the environment. */
export const remoteAddress = (given: string | undefined, env: Environment = process.env): string | undefined =>
  given === undefined ? env.MESHLINE_URL || undefined : undefined;

function webAddress(text: string, from: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw usage(`${from} is not a web address: ${JSON.stringify(text)}`, 'Give it as https://meshline.example.');
  return text.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}

async function readOr(file: string, whenAbsent: () => Failure): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw whenAbsent();
    throw new Failure({
      exit: 1,
      what: `A file of the installation cannot be read: ${message}`,
      where: file,
      next: 'It belongs to the person who started Meshline. Run as that person, or use MESHLINE_URL and MESHLINE_TOKEN.',
    });
  }
}

const notRunning = (where: string) => () =>
  new Failure({ exit: 4, what: 'Meshline is not running here.', where, next: START });

function parseEndpoints(text: string, file: string): Endpoints {
  const broken = () =>
    new Failure({
      exit: 4,
      what: 'The file that says where Meshline listens is not readable as such.',
      where: file,
      next: 'Stop Meshline and start it again with `npx meshline up`; it writes the file anew.',
    });
  try {
    const endpoints = JSON.parse(text) as Endpoints;
    if (typeof endpoints?.api !== 'string' || !URL.canParse(endpoints.api)) throw broken();
    return endpoints;
  } catch {
    throw broken();
  }
}

/**
 * Where the services listen.
 * @throws Failure with exit 4 where nothing was started here
 */
export async function findEndpoints(given: string | undefined, env: Environment = process.env): Promise<Endpoints> {
  const remote = remoteAddress(given, env);
  if (remote !== undefined) return { api: webAddress(remote, 'MESHLINE_URL') };
  const file = join(dataFolder(given, env), 'run', 'endpoints.json');
  const endpoints = parseEndpoints(await readOr(file, notRunning(file)), file);
  return { ...endpoints, api: webAddress(endpoints.api, file) };
}

async function findToken(given: string | undefined, env: Environment): Promise<string> {
  if (env.MESHLINE_TOKEN) return env.MESHLINE_TOKEN.trim();
  if (remoteAddress(given, env) !== undefined)
    throw usage(
      'MESHLINE_URL is set and MESHLINE_TOKEN is not.',
      'Ask an admin for a token (`npx meshline tokens create`) and put it into MESHLINE_TOKEN.',
    );
  const file = join(dataFolder(given, env), 'secrets', 'local.token');
  const absent = () =>
    new Failure({ exit: 1, what: 'The token of the local user is not there.', where: file, next: START });
  return (await readOr(file, absent)).trim();
}

/** The installation that a command talks to. @throws Failure */
export async function findInstallation(
  given: string | undefined,
  env: Environment = process.env,
): Promise<Installation> {
  return { endpoints: await findEndpoints(given, env), token: await findToken(given, env) };
}
