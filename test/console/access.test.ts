import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
    expect([answer.status, answer.body.type]).toEqual([404, '/problems/not-found']);
  }
});
