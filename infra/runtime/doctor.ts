import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { connectTemporal } from '../temporal/client.ts';
import { missingSearchAttributes, registrationCommand } from '../temporal/search-attributes.ts';
import type { Home } from './home.ts';
import { postgresBinaries } from './postgres/binaries.ts';
import { unprivileged } from './postgres/unprivileged.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { findTemporalBinary } from './temporal/binary.ts';
import { hasGo } from './temporal/build.ts';

type Env = Readonly<Record<string, string | undefined>>;
/** One thing that Meshline needs: what was found, and where it is missing how to get it. */
export type Finding = { name: string; ok: boolean; found: string; todo: string | null };
type Look = () => Finding | Promise<Finding>;

const LEAST_NODE = 22;
const present = (name: string, found: string): Finding => ({ name, ok: true, found, todo: null });
const missing = (name: string, found: string, todo: string): Finding => ({ name, ok: false, found, todo });

function node(): Finding {
  const found = `Node ${process.versions.node}`;
  const enough = Number(process.versions.node.split('.', 1)[0]) >= LEAST_NODE;
  return enough
    ? present('node', found)
    : missing(
        'node',
        found,
        'Run "npm ci" in the checkout and start with "npx meshline", which brings its own Node 24.',
      );
}

const nearestFolder = (path: string): string => (existsSync(path) ? path : nearestFolder(dirname(path)));

function dataFolder({ root }: Home): Finding {
  const folder = nearestFolder(root);
  try {
    accessSync(folder, constants.W_OK);
    return present('data folder', existsSync(root) ? root : `${root}, which will be made`);
  } catch {
    return missing(
      'data folder',
      `${folder} may not be written`,
      'Name another folder with --data, or allow this user to write there.',
    );
  }
}

async function postgres(home: Home, env: Env): Promise<Finding> {
  if (env.DATABASE_URL) return present('postgres', 'given by DATABASE_URL');
  try {
    const { postgres: program } = await postgresBinaries();
    unprivileged([dirname(program), nearestFolder(home.root)]);
    return present('postgres', `embedded, ${program}`);
  } catch (error) {
    return missing('postgres', 'none that can be started', (error as Error).message);
  }
}

function temporal(env: Env): Finding {
  if (env.TEMPORAL_ADDRESS) return present('temporal', `given by TEMPORAL_ADDRESS: ${env.TEMPORAL_ADDRESS}`);
  try {
    const found = findTemporalBinary(env);
    if (found) return present('temporal', found);
  } catch (error) {
    return missing('temporal', 'a TEMPORAL_CLI that does not run', (error as Error).message);
  }
  if (hasGo())
    return present('temporal', 'not here yet; "meshline up" downloads it, or builds it with Go in some minutes');
  return missing(
    'temporal',
    'not here, and no Go to build it with',
    '"meshline up" downloads it where temporal.download can be reached. Else install the CLI (https://docs.temporal.io/cli/setup-cli) or Go.',
  );
}

/** Only on a server of one's own: the embedded one gets them by itself. */
async function searchAttributes(env: Env): Promise<Finding> {
  const name = 'search attributes';
  if (!env.TEMPORAL_ADDRESS) return present(name, 'registered when the embedded Temporal starts');
  try {
    const client = await connectTemporal();
    const lacking = await missingSearchAttributes(client).finally(() => client.connection.close());
    if (lacking.length === 0) return present(name, `registered on ${env.TEMPORAL_ADDRESS}`);
    return missing(name, `${lacking.join(', ')} missing`, registrationCommand(lacking, client.options.namespace));
  } catch (error) {
    return missing(
      name,
      `${env.TEMPORAL_ADDRESS} does not answer: ${(error as Error).message}`,
      'Correct TEMPORAL_ADDRESS and its TLS variables, or unset it to use the embedded Temporal.',
    );
  }
}

function running({ root, endpoints }: Home): Finding {
  try {
    const said = JSON.parse(readFileSync(endpoints, 'utf8')) as ProcessIdentity & { api: string };
    if (isRunning(said)) return present('installation', `runs as process ${said.pid}, API at ${said.api}`);
    return present('installation', `process ${said.pid} was killed; "meshline up" on ${root} recovers`);
  } catch {
    return present('installation', `does not run on ${root}`);
  }
}

/** Looks at everything that Meshline needs on this machine; changes nothing but for making the user that runs Postgres. */
export async function examine(home: Home, env: Env): Promise<Finding[]> {
  const looks: Look[] = [
    node,
    () => dataFolder(home),
    () => postgres(home, env),
    () => temporal(env),
    () => searchAttributes(env),
    () => running(home),
  ];
  const findings: Finding[] = [];
  for (const look of looks) findings.push(await look());
  return findings;
}
