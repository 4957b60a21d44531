import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import getPort from 'get-port';
import { ensureLocalToken } from '../../infra/postgres/access/local-token.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const TOKEN = 'the-token-of-the-person-who-started-it';

let database: TestDatabase;
let home: string;

beforeAll(async () => {
  database = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'meshline-home-'));
  await mkdir(join(home, 'secrets'));
  for (const name of ['audit.key', 'customer.key']) await writeFile(join(home, 'secrets', name), '07'.repeat(32));
  await ensureLocalToken(database.db, TOKEN, 'someone');
});

afterAll(async () => {
  await database.drop();
  await rm(home, { recursive: true, force: true });
});

type Started = { child: ChildProcess; url: string; log: () => string };

/** Starts the API as a supervisor does, and waits until it says that it serves. Temporal is away. */
async function start(env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const port = await getPort({ host: '127.0.0.1' });
  const child = fork(new URL('../../console/api/main.ts', import.meta.url), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.apiUrl,
      MESHLINE_HOME: home,
      MESHLINE_API_PORT: String(port),
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      ...env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (log += chunk));
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(log)));
  failed.catch(() => undefined);
  expect(await Promise.race([once(child, 'message'), failed])).toMatchObject([{ ready: true }]);
  return { child, url: `http://127.0.0.1:${port}/api/v1`, log: () => log };
}

const get = async (url: string) => {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('it serves while Temporal is away, keeps tokens out of its log, and ends on SIGTERM', async () => {
  const { child, url, log } = await start({ MESHLINE_LOG_LEVEL: 'debug' });
  expect(await get(`${url}/clients`)).toEqual({ status: 200, body: { clients: [] } });
  expect((await get(`${url}/nothing`)).body).toMatchObject({ type: '/problems/not-found', status: 404 });
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(log()).toContain('/api/v1/clients');
  expect(log()).not.toContain(TOKEN);
});

test('it ends when its supervisor is gone', async () => {
  const { child } = await start();
  const exited = once(child, 'exit');
  child.disconnect();
  expect(await exited).toEqual([0, null]);
});

test('a setting that is missing is named, with what it is for', async () => {
  await expect(start({ DATABASE_URL: '' })).rejects.toThrow(/DATABASE_URL is not set: the system of record/);
});

test('a database that goes away is a 503, and no secret of it is told', async () => {
  const { child, url } = await start({ DATABASE_URL: 'postgres://meshline_api:hidden@127.0.0.1:1/none' });
  const { status, body } = await get(`${url}/clients`);
  expect([status, body.type]).toEqual([503, '/problems/storage-unavailable']);
  expect(JSON.stringify(body)).not.toMatch(/hidden|127\.0\.0\.1:1|at .*\.ts/);
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
});
