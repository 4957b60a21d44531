import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openApiText } from '../../console/api/openapi.ts';
import { createClient, uploadFile } from '../../console/client/index.ts';
import { type ApiBench, startApi } from './api-bench.ts';

let bench: ApiBench;
beforeAll(async () => {
  bench = await startApi();
});
afterAll(() => bench.stop());

test('the client was generated from the routes as they are: else run npm run generate:client', async () => {
  const committed = await readFile(new URL('../../console/client/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(await openApiText()));
});

test('the running API publishes the same document, as OpenAPI 3.1, and a page to read it', async () => {
  const { status, body } = await bench.ask('GET', '/openapi.json');
  expect([status, body.openapi]).toEqual([200, '3.1.0']);
  expect(body).toEqual(JSON.parse(await openApiText()));
  const page = await bench.ask<string>('GET', '/docs');
  expect([page.status, page.type]).toEqual([200, expect.stringContaining('text/html')]);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
});

test('the typed client gets data, and problems as problems', async () => {
  const client = createClient({ baseUrl: bench.url, token: await bench.token('viewer') });
  const clients = await client.GET('/api/v1/clients');
  expect(clients.data).toEqual({ clients: [] });
  const missing = await client.GET('/api/v1/clients/{client}', { params: { path: { client: 'nobody' } } });
  expect(missing.error).toMatchObject({ type: '/problems/unknown-client', status: 404 });
});

test('an upload by the client is refused as a problem where the token may not', async () => {
  const { Readable } = await import('node:stream');
  const address = { baseUrl: bench.url, token: await bench.token('viewer') };
  const sent = await uploadFile(address, { client: 'a', source: 'b', fileName: 'c' }, Readable.from(['text']));
  expect(sent.error).toMatchObject({ type: '/problems/not-allowed', status: 403 });
});

test('whoever opens the address itself is led to the docs', async () => {
  const answer = await fetch(`${bench.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/docs']);
});
