import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const noon = `${DATE}T16:00:00Z`;
const COLUMNS = [
  ...[
    'client',
    'store',
    'business_date',
    'metric',
    'definition',
    'dimension',
    'member',
    'version',
    'value',
    'currency',
  ],
  ...['status', 'finality', 'final_at', 'certificate', 'reason', 'published_at'],
];

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

/** Whoever reads: a login of its own in the role, as an operator makes one. */
const login = `reader_${randomUUID().slice(0, 8)}`;
let reader: pg.Client | undefined;
beforeEach(async () => {
  if (reader) return;
  await sql.raw(`create role ${login} login password 'test' in role meshline_warehouse`).execute(bench.db);
  const url = new URL(bench.database.url);
  url.username = login;
  const client = new pg.Client({ connectionString: url.href });
  // The database goes before the reader does.
  client.on('error', () => undefined);
  await client.connect();
  reader = client;
});
afterAll(async () => {
  await reader?.end();
  const owner = new pg.Client({ connectionString: `${process.env.MESHLINE_TEST_POSTGRES}postgres` });
  await owner.connect();
  await owner.query(`drop role ${login}`);
  await owner.end();
});

const ask = async (text: string, values: unknown[] = []) => (await reader!.query(text, values)).rows;
const clients = async () =>
  (await ask('select distinct client from published_number_current order by 1')).map((row) => row.client);
const net = (view = 'current') =>
  ask(
    `select version, value::text, finality, certificate, reason from published_number_${view}
     where client = $1 and metric = 'net_sales' and dimension = '' order by version`,
    [clientId],
  );

function warehouseReport(mode: 'shadow' | 'live', metrics: string[]) {
  const mail = { id: 'mail', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' };
  return { metrics, slices: ['desk'], destinations: [mail, { id: 'lake', kind: 'warehouse', mode }] };
}
function apply(mode: 'shadow' | 'live', over: object = {}) {
  return bench.apply(
    shop.document({
      client: { id: clientId },
      sources: [orderSource('shop', { settlingDays: 400 })],
      report: warehouseReport(mode, ['net_sales', 'average_order_value']),
      ...over,
    }),
  );
}
async function closeWith(amount: string) {
  await shop.orders(DATE, [{ id: '1', at: noon, amount, channel: 'web' }]);
  return bench.close({ clientId, businessDate: DATE });
}

test('the view shows the present version of every number exactly, and the history all of them', async () => {
  await apply('live');
  await closeWith('10.10');
  await closeWith('12.345');
  expect(await net()).toEqual([
    { version: 2, value: '12.35', finality: 'provisional', certificate: 'unreconciled', reason: 'source_revised' },
  ]);
  expect(await net('history')).toEqual([
    { version: 1, value: '10.1', finality: 'provisional', certificate: 'lapsed', reason: null },
    { version: 2, value: '12.35', finality: 'provisional', certificate: 'unreconciled', reason: 'source_revised' },
  ]);
  const { rows } = await sql<{ published: string }>`
    select count(distinct (metric, store_id, dimension, member))::text as published from published_number
    where client_id = ${clientId}`.execute(bench.db);
  expect(await ask('select count(*) as published from published_number_current where client = $1', [clientId])).toEqual(
    rows,
  );
});

test('a certificate in whose place a later one was issued makes no version lapsed, in neither view', async () => {
  const count = async () => {
    const { rows } = await sql<{ issued: number }>`
      select count(*)::int as issued from certificate where client_id = ${clientId} and metric = 'net_sales'`.execute(
      bench.db,
    );
    return rows[0]!.issued;
  };
  await apply('live');
  await closeWith('10.00');
  await apply('live', { effectiveFrom: '2026-01-01', report: warehouseReport('live', ['net_sales']) });
  await closeWith('10.00');
  expect(await count()).toBe(2);
  const first = { version: 1, value: '10', finality: 'provisional', certificate: 'unreconciled', reason: null };
  expect([await net(), await net('history')]).toEqual([[first], [first]]);
  await closeWith('12.00');
  expect((await net('history')).map(({ version, certificate }) => [version, certificate])).toEqual([
    [1, 'unreconciled'],
    [2, 'unreconciled'],
  ]);
});

test('the columns are as they are documented, in their order', async () => {
  for (const view of ['published_number_current', 'published_number_history']) {
    const { fields } = await reader!.query(`select * from ${view} limit 0`);
    expect(fields.map((one) => one.name)).toEqual(COLUMNS);
  }
});

test('a number becomes final when its windows have ended, without a new version', async () => {
  await apply('live');
  await closeWith('10.00');
  expect((await net())[0].finality).toBe('provisional');
  await sql`update published_number set final_at = now() - interval '1 second' where client_id = ${clientId}`.execute(
    bench.db,
  );
  expect((await net())[0]).toMatchObject({ version: 1, finality: 'final' });
});

test('what a document keeps in the shadows is not there, and a document without a warehouse takes it away', async () => {
  await apply('shadow');
  await closeWith('10.00');
  expect(await clients()).not.toContain(clientId);
  await apply('live', { effectiveFrom: '2026-01-01' });
  expect(await clients()).toContain(clientId);
  await apply('shadow', { effectiveFrom: '2999-01-01' });
  expect(await clients()).toContain(clientId);
  await apply('shadow', { effectiveFrom: '2026-01-02' });
  expect(await clients()).not.toContain(clientId);
});

test('a setting narrows what is read to the clients that it names', async () => {
  await apply('live');
  await closeWith('10.00');
  const before = await clients();
  await reader!.query(`set meshline.clients = '${clientId},other'`);
  expect(await clients()).toEqual([clientId]);
  await reader!.query(`set meshline.clients = 'other'`);
  expect(await clients()).toEqual([]);
  await reader!.query('reset meshline.clients');
  expect(await clients()).toEqual(before);
});

test('a login that is bound to clients reads no other, whatever it sets', async () => {
  await apply('live');
  await closeWith('10.00');
  await sql`insert into warehouse_reader (login, client_id) values (${login}, ${clientId})`.execute(bench.db);
  expect(await clients()).toEqual([clientId]);
  await reader!.query(`set meshline.clients = '*'`);
  await reader!.query('set role meshline_warehouse');
  expect(await clients()).toEqual([clientId]);
  await reader!.query('reset role');
  await reader!.query('reset meshline.clients');
  await sql`delete from warehouse_reader`.execute(bench.db);
});

test('the role reads the two views and nothing else, and writes nothing', async () => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')
    order by 1`.execute(bench.db);
  const readable: string[] = [];
  for (const { name } of rows)
    await ask(`select from "${name}" limit 1`).then(
      () => readable.push(name),
      (error: Error) => expect(error.message).toContain('permission denied'),
    );
  expect(readable).toEqual(['published_number_current', 'published_number_history']);
  for (const statement of [
    'delete from published_number_history',
    `insert into published_number_history (client) values ('x')`,
    'create table mine (a integer)',
  ])
    await expect(ask(statement)).rejects.toThrow(/permission denied|cannot/);
});
