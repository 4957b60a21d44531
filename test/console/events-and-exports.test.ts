import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import { API_PREFIX } from '../../schemas/api/common.ts';
import type { EventList } from '../../schemas/api/events.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';
const noon = (date: string) => `${date}T16:00:00Z`;
const destinations = [
  { id: 'mail', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' },
  { id: 'csv', kind: 'export', format: 'csv', by: 'day', location: 'out/{date}.csv', mode: 'live' },
  { id: 'lines', kind: 'export', format: 'ndjson', by: 'month', location: 'out/{month}.ndjson', mode: 'live' },
];

let bench: CloseBench;
let api: ApiBench;
let shop: SmallShop;
let token: string;
beforeAll(async () => {
  bench = await startCloseBench();
  api = await startApi({ database: bench.database });
  shop = await openSmallShop();
  token = await api.token('viewer', ['ours']);
  for (const client of ['ours', 'theirs']) {
    await bench.apply(
      shop.document({
        client: { id: client },
        report: {
          metrics: ['net_sales', 'orders'],
          slices: ['desk'],
          destinations: client === 'ours' ? destinations : [destinations[0]],
        },
        routing: [{ on: 'number.published', when: 'event.metric == "net_sales"', to: ['ben'] }],
      }),
    );
    for (const date of [DATE, NEXT]) {
      await shop.orders(date, [{ id: '1', at: noon(date), amount: '10.00', channel: 'web' }]);
      await bench.close({ clientId: client, businessDate: date });
    }
  }
});
afterAll(async () => {
  await api.stop();
  await shop.remove();
  await bench.stop();
});

const download = (query: string, client = 'ours') =>
  fetch(`${api.url}${API_PREFIX}/clients/${client}/exports?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
const file = (name: string) => readFile(join(shop.folder, 'out', name), 'utf8');
const events = async (query: string) => (await api.ask<EventList>('GET', `/events?${query}`, { token })).body.events;

test.each([
  [`date=${DATE}&format=csv`, `${DATE}.csv`, 'text/csv'],
  ['month=2026-03&format=ndjson', '2026-03.ndjson', 'application/x-ndjson'],
])('a download of %s has the bytes of the file %s', async (query, name, type) => {
  const answer = await download(query);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain(type);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="ours-${name}"`);
  expect(await answer.text()).toBe(await file(name));
});

test('a month is its days, and a day without numbers has a header only', async () => {
  const month = await (await download('month=2026-03&format=csv')).text();
  const days = await Promise.all([file(`${DATE}.csv`), file(`${NEXT}.csv`)]);
  const [header] = days[0]!.split('\n');
  expect(month).toBe(days[0] + days[1]!.slice(header!.length + 1));
  expect(await (await download('date=2026-01-01&format=csv')).text()).toBe(`${header}\n`);
});

test.each(['format=csv', `date=${DATE}&month=2026-03&format=csv`, 'month=2026-13&format=csv', `date=${DATE}`])(
  'a download that does not say which days and how is refused: %s',
  async (query) => {
    const answer = await download(query);
    expect([400, 422]).toContain(answer.status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  },
);

test('a client that the token does not reach is not there, and a download that is broken off holds no connection', async () => {
  expect((await download('month=2026-03&format=csv', 'theirs')).status).toBe(404);
  for (let round = 0; round < 15; round += 1) {
    const answer = await download('month=2026-03&format=csv');
    await answer.body!.cancel();
  }
  expect((await download(`date=${DATE}&format=csv`)).status).toBe(200);
  const open = async () => {
    const { rows } = await sql<{ open: number }>`
      select count(*)::int as open from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%' and usename = 'meshline_api'`.execute(
      bench.db,
    );
    return rows[0]!.open;
  };
  // The server notices a moment later that nobody reads.
  for (let look = 0; look < 100 && (await open()) > 0; look += 1) await setTimeout(50);
  expect(await open()).toBe(0);
});

test('events that no rule took are listed for whoever may see the client, with where the others went', async () => {
  const unmatched = await events(`client=ours&date=${DATE}&unmatched=true`);
  expect(unmatched.length).toBeGreaterThan(0);
  expect(unmatched.every((one) => one.type === 'number.published' && one.routed.length === 0)).toBe(true);
  expect(unmatched.map((one) => one.facts.metric)).not.toContain('net_sales');
  const [net] = await events(`date=${DATE}&type=number.published&unmatched=false`);
  expect(net).toMatchObject({
    client: 'ours',
    facts: { metric: 'net_sales', value: '10.00' },
    routed: [{ to: 'ben', by: 'message' }],
    deliveries: [expect.stringMatching(/^[0-9]+$/)],
  });
  expect(new Set((await events('')).map((one) => one.client))).toEqual(new Set(['ours']));
  const close = await api.ask<CloseDocument>('GET', `/clients/ours/closes/${DATE}`, { token });
  expect(close.body.unmatchedEvents).toBe(unmatched.length);
});

test('a document with a rule that no event can meet is applied, and the answer warns of it with its place', async () => {
  const owner = await api.token('owner', null);
  const apply = (over: object) =>
    api.ask<{ version: number; warnings?: object[] }>('POST', '/clients', {
      token: owner,
      body: shop.document({ client: { id: 'ours' }, effectiveFrom: '2026-04-01', ...over }),
    });
  const idle = [{ on: 'number.published', when: 'event.metric == "nonsense"', to: ['ben'] }];
  const warned = await apply({ routing: idle });
  expect([warned.status, warned.body.version]).toEqual([200, 2]);
  expect(warned.body.warnings).toEqual([
    expect.objectContaining({
      path: 'routing[0].when',
      found: 'event.metric compared with "nonsense", which it never is',
      file: expect.stringContaining('operating-model.yaml'),
      line: expect.any(Number),
    }),
  ]);
  expect((await apply({ routing: [] })).body).toEqual({ client: 'ours', version: 3, changed: true });
});
