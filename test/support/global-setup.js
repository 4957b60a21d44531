import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import pg from 'pg';
import { migrate } from '../../infra/postgres/migrate.ts';
import { startCluster } from '../../infra/runtime/postgres/cluster.ts';

export const TEMPLATE = 'meshline_template';
/** What a test's cluster may forget when it dies makes it several times faster. */
const FORGETFUL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'];

/**
 * One Postgres for all test files, with a migrated template that each of them clones. In plain JavaScript, which Node
 * loads by itself: Jest would turn TypeScript here into CommonJS.
 */
export default async function globalSetup() {
  const folder = mkdtempSync(join(tmpdir(), 'meshline-test-'));
  const cluster = await startCluster({
    folder: join(folder, 'postgres'),
    port: await getPort({ host: '127.0.0.1' }),
    password: 'test',
    settings: FORGETFUL,
  });
  globalThis.meshlineTestCluster = { cluster, folder };
  try {
    await prepareTemplate(cluster);
  } catch (error) {
    // Jest tears nothing down where the setup failed.
    await cluster.stop();
    throw error;
  }
  process.env.MESHLINE_TEST_POSTGRES = cluster.url('');
  process.env.MESHLINE_TEST_BUNDLES = folder;
}

async function prepareTemplate(cluster) {
  const client = new pg.Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  await migrate(cluster.url(TEMPLATE), { apiPassword: 'test' });
}
