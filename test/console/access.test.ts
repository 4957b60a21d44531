import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiBench, startApi } from './api-bench.ts';

let bench: ApiBench;
beforeAll(async () => {
  bench = await startApi();
});
afterAll(() => bench.stop());

test('health asks for no token', async () => {
  const answer = await bench.ask('GET', '/health');
  expect([answer.status, answer.body]).toEqual([200, { ready: true }]);
});

test('a request without a token, with a broken and with an unknown one is told how to send one', async () => {
  const cases = [{}, { headers: { authorization: 'Basic abc' } }, { token: 'a-token-that-nobody-made' }];
  for (const wish of cases) {
    const answer = await bench.ask('GET', '/clients', wish);
    expect(answer.status).toBe(401);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.body).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
    expect(String(answer.body.detail)).toMatch(/Send|Create/);
  }
});

test('an invalid request is told every place in it that is wrong', async () => {
  const token = await bench.token('owner');
  const answer = await bench.ask('POST', '/clients', { token, body: { files: { relative: 'x' }, more: 1 } });
  expect(answer.status).toBe(400);
  expect(answer.type).toContain('application/problem+json');
  const { problems } = answer.body as { problems: { path: string }[] };
  expect(problems.map((one) => one.path).sort()).toEqual(expect.arrayContaining(['base', 'more']));
});

test('a client that is not there is a 404 that says what to do', async () => {
  const token = await bench.token('viewer');
  for (const path of [
    '/clients/nobody',
    '/clients/nobody/closes/2026-01-01',
    '/clients/nobody/closes?from=2026-01-01&to=2026-01-02',
  ]) {
    const answer = await bench.ask('GET', path, { token });
    expect([answer.status, answer.body.type]).toEqual([404, '/problems/unknown-client']);
  }
});

test('a flood of requests is held back before a token is looked up', async () => {
  const limited = await startApi({ database: bench.database, options: { requestsAMinute: 3 } });
  const statuses: number[] = [];
  for (let sent = 0; sent < 4; sent += 1) statuses.push((await limited.ask('GET', '/clients')).status);
  const { type, body } = await limited.ask('GET', '/health');
  await limited.stop();
  expect(statuses).toEqual([401, 401, 401, 429]);
  expect([type, body.type]).toEqual(['application/problem+json', '/problems/too-many-requests']);
});

test('what nobody foresaw is a 500 that names the request and nothing of the inside', async () => {
  const token = await bench.token('viewer');
  await sql`alter table operating_model rename to elsewhere`.execute(bench.database.db);
  const { status, body } = await bench.ask('GET', '/clients', { token });
  await sql`alter table elsewhere rename to operating_model`.execute(bench.database.db);
  expect([status, body.type]).toEqual([500, '/problems/internal']);
  expect(String(body.detail)).toMatch(/request [0-9a-f-]{36}/);
  expect(JSON.stringify(body)).not.toMatch(/operating_model|select|\.ts|stack/);
});

test('a body that is no JSON, too large or of another type is a problem as well', async () => {
  const token = await bench.token('owner');
  const json = { 'content-type': 'application/json' };
  const post = (body: string, headers: Record<string, string>) =>
    bench.ask('POST', '/clients', { token, body, headers });
  expect((await post('{"base":', json)).body).toMatchObject({ type: '/problems/invalid-request', status: 400 });
  expect((await post('x=1', { 'content-type': 'text/plain' })).body).toMatchObject({ status: 415 });
  expect((await post(JSON.stringify('x'.repeat(9_000_000)), json)).body).toMatchObject({ type: '/problems/too-large' });
});
