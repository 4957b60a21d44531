import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { uploadFile } from '../../console/client/index.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const DATE = '2026-03-05';
const UPLOADS = '/clients/small-shop/sources/shop/uploads';
const BINARY = { 'content-type': 'application/octet-stream' };

let api: ApiBench;
let shop: SmallShop;
let token: string;

beforeAll(async () => {
  api = await startApi();
  shop = await openSmallShop();
  token = await api.token('owner', null, 'ada');
  expect((await api.ask('POST', '/clients', { token, body: shop.document() })).status).toBe(200);
});
afterAll(async () => {
  await api.stop();
  await shop.remove();
});

const folder = () => join(api.deps.files.uploadsFolder, 'small-shop', 'shop', DATE);
const kept = () => readdir(folder()).catch(() => []);
const send = (body: Uint8Array | string, query = `fileName=shop-${DATE}.ndjson`) =>
  api.ask('POST', `${UPLOADS}?${query}`, { token, body, headers: BINARY });

test('a file is kept byte for byte, for this user alone, and named by its content', async () => {
  const content = gzipSync('{"id":"a"}\n');
  const sent = await send(content, `fileName=shop-${DATE}.ndjson.gz`);
  const contentHash = createHash('sha256').update(content).digest('hex');
  expect([sent.status, sent.body]).toEqual([
    200,
    {
      client: 'small-shop',
      source: 'shop',
      businessDate: DATE,
      fileName: `shop-${DATE}.ndjson.gz`,
      bytes: content.length,
      contentHash,
      changed: true,
    },
  ]);
  expect(await readFile(join(folder(), contentHash))).toEqual(content);
  expect((await stat(join(folder(), contentHash))).mode & 0o777).toBe(0o600);
});

test('the last file that came is the one that counts, also where it came before', async () => {
  const changes: unknown[] = [];
  for (const content of ['first', 'second', 'second', 'first']) changes.push((await send(content)).body.changed);
  expect(changes).toEqual([true, true, false, true]);
  const { rows } = await sql<{ hash: string }>`
    select encode(content_hash, 'hex') as hash from upload order by upload_id desc limit 1`.execute(api.database.db);
  expect(rows).toEqual([{ hash: createHash('sha256').update('first').digest('hex') }]);
});

test('a file that is too large is refused, also where its size is not told before, and leaves nothing', async () => {
  const before = await kept();
  const large = await send(Buffer.alloc(api.deps.files.maximumUploadBytes + 1));
  expect([large.status, large.body.type]).toEqual([413, '/problems/too-large']);
  const chunks = Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(100_000)));
  const address = { baseUrl: api.url, token };
  const streamed = await uploadFile(
    address,
    { client: 'small-shop', source: 'shop', fileName: 'x', date: DATE },
    chunks,
  );
  expect(streamed.error).toMatchObject({ status: 413, type: '/problems/too-large' });
  expect(await kept()).toEqual(before);
});

test('a file that breaks off leaves nothing', async () => {
  const before = await kept();
  const { hostname, port } = new URL(api.url);
  const broken = request({
    hostname,
    port,
    method: 'POST',
    path: `/api/v1${UPLOADS}?fileName=x&date=${DATE}`,
    headers: { ...BINARY, authorization: `Bearer ${token}`, 'content-length': '1000' },
  });
  broken.on('error', () => undefined);
  broken.write('only the beginning');
  await untilSome(async () => (await kept()).some((name) => name.endsWith('.part')));
  broken.destroy();
  await untilSome(async () => !(await kept()).some((name) => name.endsWith('.part')));
  expect(await kept()).toEqual(before);
});

test('no file, no such source and a name with folders are refused', async () => {
  expect((await api.ask('POST', `${UPLOADS}?fileName=x&date=${DATE}`, { token })).status).toBe(422);
  const unknown = await api.ask('POST', `/clients/small-shop/sources/none/uploads?fileName=x&date=${DATE}`, {
    token,
    body: 'x',
    headers: BINARY,
  });
  expect([unknown.status, String(unknown.body.detail)]).toEqual([404, expect.stringContaining('It has: shop')]);
  expect((await send('x', `fileName=..%2Fx&date=${DATE}`)).status).toBe(400);
});

async function untilSome(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
