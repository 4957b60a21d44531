import { afterAll, beforeAll, expect } from '@jest/globals';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import type { RevisionPreviewDocument } from '../../schemas/api/revisions.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { devServer, devServerTest } from '../support/temporal.ts';
import { type Serving, startServing } from './serving.ts';

const DATE = '2026-03-10';
const LATER = '2026-03-15';
const noon = (date: string) => `${date}T16:00:00Z`;

let serving: Serving;
let shop: SmallShop;
let token: string;
let clients = 0;

beforeAll(async () => {
  if (!devServer) return;
  serving = await startServing();
  shop = await openSmallShop();
  token = await serving.api.token('owner', null, 'ada');
}, 120_000);

afterAll(async () => {
  if (!devServer) return;
  await serving.stop();
  await shop.remove();
}, 60_000);

const ask = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
  serving.api.ask<T>(method, path, { token, body });

/** A client of its own for each test, whose files are in a folder of its own. */
async function apply(over: Record<string, unknown> = {}): Promise<string> {
  await shop.remove();
  shop = await openSmallShop();
  clients += 1;
  const client = `revised-${clients}`;
  const applied = await ask('POST', '/clients', shop.document({ ...over, client: { id: client } }));
  expect(applied.status).toBe(200);
  return client;
}

async function shown(client: string, date: string): Promise<CloseDocument> {
  return (await ask<CloseDocument>('GET', `/clients/${client}/closes/${date}?waitSeconds=30`)).body;
}

async function close(client: string, date: string): Promise<CloseDocument> {
  expect((await ask('POST', `/clients/${client}/closes/${date}`)).status).toBe(202);
  return shown(client, date);
}

type Numbers = { numbers: { version: number; value: string; reason: string | null; certificate: string }[] };
const versions = async (client: string) =>
  (await ask<Numbers>('GET', `/clients/${client}/numbers?metric=gross_sales&from=${DATE}&to=${DATE}&allVersions=true`))
    .body.numbers;

async function until<T>(read: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const found = await read();
    if (isThere(found) || tries > 120) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const mailsOf = (client: string) =>
  serving.bench.mailbox.mails
    .filter((one) => one.headers.get('x-meshline-client') === client)
    .map((one) => one.subject);

devServerTest(
  'G15: an order of a day that comes five days later makes its next version by itself, and a correction',
  async () => {
    const client = await apply({ revisions: { metrics: { '*': { tolerance: { absolute: '100.00' } } } } });
    await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '60.00' }]);
    await close(client, DATE);
    await shop.orders(LATER, [
      { id: '2', at: noon(LATER), amount: '10.00' },
      { id: '3', at: noon(DATE), amount: '40.00' },
    ]);
    await close(client, LATER);
    const found = await until(
      () => versions(client),
      (numbers) => numbers.length === 2,
    );
    expect(found).toMatchObject([
      { version: 1, value: '60.00', reason: null, certificate: 'lapsed' },
      { version: 2, value: '100.00', reason: 'late_arrival', certificate: 'unreconciled' },
    ]);
    const subjects = await until(
      async () => mailsOf(client),
      (mails) => mails.length === 3,
    );
    expect(subjects[2]).toBe('Correction: Small shop, 4 numbers of Tue 10 Mar 2026');
    expect(await shown(client, DATE)).toMatchObject({ status: 'published', lapsed: null, attempt: 2 });
  },
);

devServerTest(
  'a planned revision shows beforehand what it would change, and publishes it without a further decision',
  async () => {
    const client = await apply();
    await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '60.00' }]);
    await close(client, DATE);
    await shop.orders(DATE, [{ id: '1', at: noon(DATE), amount: '50.00' }]);
    const preview = await ask<RevisionPreviewDocument>('POST', `/clients/${client}/closes/${DATE}/revision-preview`);
    expect(preview.status).toBe(200);
    expect(preview.body.metrics).toContainEqual({
      metric: 'gross_sales',
      version: 1,
      before: '60.00',
      after: '50.00',
      currency: 'USD',
      finality: 'final',
      withheld: null,
    });
    expect(await versions(client)).toHaveLength(1);
    const started = await ask('POST', `/clients/${client}/closes/${DATE}/revise`, { reason: 'the till was corrected' });
    expect(started.status).toBe(202);
    expect((await shown(client, DATE)).status).toBe('published');
    expect((await versions(client)).at(-1)).toMatchObject({ version: 2, value: '50.00', reason: 'source_revised' });
    const trail = await ask<{ entries: { text: string }[] }>('GET', `/clients/${client}/audit?date=${DATE}`);
    expect(JSON.stringify(trail.body)).toContain('the till was corrected');
    await until(
      async () => mailsOf(client),
      (mails) => mails.length === 2,
    );
    expect(mailsOf(client)).toHaveLength(2);
  },
);

devServerTest('there is no revision of a day of which nothing is published, nor without a reason', async () => {
  const client = await apply();
  const path = `/clients/${client}/closes/${DATE}/revise`;
  const early = await ask<{ type: string; detail: string }>('POST', path, { reason: 'x' });
  expect([early.status, early.body.type]).toEqual([409, '/problems/not-published']);
  expect(early.body.detail).toContain('meshline close run');
  expect((await ask('POST', path, {})).status).toBe(400);
  const operator = await serving.api.token('operator', null, 'ben');
  const asked = await serving.api.ask('POST', path, { token: operator, body: { reason: 'x' } });
  expect(asked.status).toBe(403);
});
