import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { createActivities } from '../../activities/index.ts';
import { connectionOptions } from '../../infra/postgres/connect.ts';
import { currentNumbers } from '../../infra/postgres/report/numbers.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const noon = `${DATE}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const apply = (over: Record<string, unknown> = {}) =>
  bench.apply(shop.document({ ...over, client: { id: clientId, ...(over.client as object) } }));
const close = (wish: { businessDate?: string; beginsAt?: 'capture' | 'reconcile' } = {}) =>
  bench.close({ clientId, businessDate: DATE, ...wish });
const sell = (amount: string, id = '1') => shop.orders(DATE, [{ id, at: noon, amount }]);

async function published(date = DATE): Promise<Record<string, string>> {
  const numbers = await currentNumbers(bench.db, clientId, date);
  return Object.fromEntries(
    numbers.map((one) => [
      [one.store_id === clientId ? 'main' : one.store_id, one.metric, one.member]
        .filter((part) => part !== '')
        .join('/'),
      `v${one.version} ${one.value_micros === null ? one.status : Number(one.value_micros) / 1e6} ${one.certificate}`,
    ]),
  );
}

async function certificates(metric = 'gross_sales'): Promise<{ state: string; lapse_reason: string | null }[]> {
  const { rows } = await sql<{ state: string; lapse_reason: string | null }>`
    select state, lapse_reason from certificate where client_id = ${clientId} and metric = ${metric}
    order by certificate_id`.execute(bench.db);
  return rows;
}

const mails = () => bench.mailbox.mails.filter((mail) => mail.headers.get('x-meshline-client') === clientId);

describe('what is published', () => {
  test('stays as it is: a changed record whose rounded value is equal makes a new certificate and nothing else', async () => {
    await apply();
    await sell('10.001');
    expect((await close()).status).toBe('published');
    await sell('10.002');
    expect(await close()).toMatchObject({ attempt: 2, status: 'published', how: 'finished' });
    expect(await published()).toMatchObject({ 'main/gross_sales': 'v1 10 unreconciled' });
    expect(await certificates()).toEqual([
      { state: 'unreconciled', lapse_reason: `shop/shop-${DATE}.ndjson changed` },
      { state: 'unreconciled', lapse_reason: null },
    ]);
    expect(mails()).toHaveLength(1);
  });

  test('is left as it is where its value changes, and its certificate lapses', async () => {
    await apply();
    await sell('10.00');
    await close();
    await sell('12.00');
    await close();
    expect(await published()).toMatchObject({
      'main/gross_sales': 'v1 10 lapsed',
      'main/net_sales': 'v1 10 lapsed',
      'main/orders': 'v1 1 unreconciled',
    });
    const { rows } = await sql`
      select from business_day where client_id = ${clientId} and lapsed_at is not null`.execute(bench.db);
    expect(rows).toHaveLength(1);
  });

  test('a day run again with unchanged input ends at capture, with the same status and no second mail', async () => {
    await apply();
    await sell('10.00');
    await close();
    expect(await close()).toMatchObject({ attempt: 2, status: 'published', how: 'unchanged' });
    expect(mails()).toHaveLength(1);
    expect(await certificates()).toHaveLength(1);
  });

  test('is published once: a try whose answer was lost is answered again, also what waits for a person', async () => {
    await apply({ controls: [fileControl('gross_sales')] });
    await sell('10.00');
    await shop.totals([`${DATE},12.00,`]);
    const again = async () => {
      const key = { clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
      const { rows } = await sql<{ id: string }>`
        select exception_id as id from exception where client_id = ${clientId}`.execute(bench.db);
      const answer = await bench.run(() => bench.activities.publishDay(key));
      expect(answer).toMatchObject({ inputsChanged: false, status: 'waiting', exceptions: [{ id: rows[0]!.id }] });
      expect(answer.published).toBeGreaterThan(0);
      expect(answer.withheld).toBeGreaterThan(0);
    };
    expect((await bench.close({ clientId, businessDate: DATE, before: { finishAttempt: again } })).status).toBe(
      'waiting',
    );
    expect(await certificates('adjustments')).toEqual([{ state: 'unreconciled', lapse_reason: null }]);
    const { rows } = await sql`
      select from audit_event where client_id = ${clientId} and record::jsonb->>'action' = 'day.published'`.execute(
      bench.db,
    );
    expect(rows).toHaveLength(1);
  });

  test('a ratio over nothing is undefined, and new customers without history are withheld without an exception', async () => {
    await apply({ report: { metrics: ['gross_sales', 'average_order_value', 'new_customers'] } });
    await shop.orders(DATE, []);
    expect((await close()).status).toBe('partially_published');
    expect(await published()).toMatchObject({ 'main/average_order_value': 'v1 undefined unreconciled' });
    const { rows } = await sql`
      select metric, reason, exception_id from withheld_number where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toEqual([{ metric: 'new_customers', reason: 'insufficient_history', exception_id: null }]);
    const { rows: exceptions } = await sql`select from exception where client_id = ${clientId}`.execute(bench.db);
    expect(exceptions).toEqual([]);
  });

  test('slices have numbers of their own, and one whose member vanished is nothing from the next version on', async () => {
    await apply({ report: { slices: ['desk'], metrics: ['gross_sales'] } });
    const [web, phone] = [
      { id: '1', at: noon, amount: '1.00', channel: 'web' },
      { id: '2', at: noon, amount: '2.00', channel: 'phone' },
    ];
    await shop.orders(DATE, [web!, phone!]);
    await close();
    expect(await published()).toEqual({
      'main/gross_sales': 'v1 3 unreconciled',
      'main/gross_sales/phone': 'v1 2 unreconciled',
      'main/gross_sales/web': 'v1 1 unreconciled',
    });
    await shop.orders(DATE, [{ ...web!, amount: '3.00' }]);
    await bench.close({ clientId, businessDate: DATE, cause: 'revise' });
    expect(await published()).toMatchObject({ 'main/gross_sales/phone': 'v2 0 unreconciled' });
  });

  test('stores in several currencies have their own numbers, and the client one at a stored rate', async () => {
    const stores = [
      { id: 'us', name: 'US', currency: 'USD' },
      { id: 'eu', name: 'EU', currency: 'EUR' },
    ];
    const sources = [orderSource('us-shop', { store: 'us' }), orderSource('eu-shop', { store: 'eu' })];
    const model = { stores, sources, report: { metrics: ['gross_sales', 'orders', 'average_order_value'] } };
    await apply({
      ...model,
      currencyRates: [{ from: 'EUR', to: 'USD', rate: '1.085', since: '2026-01-01', source: 'ECB' }],
    });
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '10.00' }], 'us-shop');
    await shop.orders(DATE, [{ id: '1', at: noon, amount: '10.01' }], 'eu-shop');
    expect((await close()).status).toBe('published');
    expect(await published()).toMatchObject({
      gross_sales: 'v1 20.86 unreconciled',
      orders: 'v1 2 unreconciled',
      average_order_value: 'v1 10.43 unreconciled',
      'us/gross_sales': 'v1 10 unreconciled',
      'us/orders': 'v1 1 unreconciled',
      'us/average_order_value': 'v1 10 unreconciled',
      'eu/gross_sales': 'v1 10.01 unreconciled',
      'eu/orders': 'v1 1 unreconciled',
      'eu/average_order_value': 'v1 10.01 unreconciled',
    });
  });

  test('does not depend on how often the activity is tried', async () => {
    await apply({ report: { metrics: ['gross_sales', 'new_customers'] } });
    await sell('10.00');
    const once = async (): Promise<void> => {
      const { rows } = await sql<{ attempt: number; model_version: number }>`
        select attempt, model_version from attempt where client_id = ${clientId}`.execute(bench.db);
      const { attempt, model_version: modelVersion } = rows[0]!;
      await bench.run(() => bench.activities.publishDay({ clientId, businessDate: DATE, attempt, modelVersion }));
    };
    const closed = await bench.close({ clientId, businessDate: DATE, before: { publishDay: once } });
    expect(closed.status).toBe('partially_published');
    expect(await published()).toEqual({ 'main/gross_sales': 'v1 10 unreconciled' });
    expect(mails()).toHaveLength(1);
  });

  test('thirty metrics take no more statements than three', async () => {
    const own = Array.from({ length: 30 }, (_, at) => ({
      id: `own_${at}`,
      title: `Own ${at}`,
      sum: { book: 'sales', kinds: ['gross_sales'] },
    }));
    const statementsOf = async (metrics: typeof own): Promise<number> => {
      clientId = `shop-of-${metrics.length}`;
      await apply({ metrics, report: { metrics: metrics.map((one) => one.id), slices: ['desk'] } });
      await sell('10.00');
      let statements = 0;
      const pool = new pg.Pool(connectionOptions(bench.database.url));
      const db = new Kysely<unknown>({
        dialect: new PostgresDialect({ pool }),
        log: () => {
          statements += 1;
        },
      });
      const counted = createActivities({ ...bench.deps, db });
      const publish = async (): Promise<void> => {
        await bench.run(() => counted.publishDay({ clientId, businessDate: DATE, attempt: 1, modelVersion: 1 }));
      };
      await bench.close({ clientId, businessDate: DATE, before: { publishDay: publish } });
      await db.destroy();
      return statements;
    };
    const [few, many] = [await statementsOf(own.slice(0, 3)), await statementsOf(own)];
    expect(many).toBe(few);
    expect(many).toBeLessThan(40);
  });
});

describe('publish against late data', () => {
  /** Resolves when so many sessions of the test's database wait for a lock. */
  async function untilWaiting(sessions: number): Promise<void> {
    for (;;) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(bench.db);
      if (rows[0]!.waiting >= sessions) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Closes the day, and lets `arrive` start while publish has read its inputs and cannot yet commit. */
  async function closeWhile(
    arrive: (day: { attempt: number; modelVersion: number }) => Promise<unknown>,
  ): Promise<void> {
    const client = new pg.Client({ connectionString: bench.database.url });
    await client.connect();
    let arriving: Promise<unknown> = Promise.resolve();
    const hold = async (): Promise<void> => {
      await client.query('begin');
      // Publish takes the head of the audit chain after it has read everything.
      await client.query('select from audit_head where client_id = $1 for update', [clientId]);
      void untilWaiting(1)
        .then(async () => {
          arriving = arrive({ attempt: 1, modelVersion: 1 });
          await untilWaiting(2);
        })
        .finally(() => client.query('commit'));
    };
    const settle = async () => {
      await arriving;
    };
    await bench.close({ clientId, businessDate: DATE, before: { publishDay: hold, finishAttempt: settle } });
    await client.end();
  }

  const standing = async () => (await certificates()).filter((one) => one.lapse_reason === null);

  test('a record that arrives between the reading and the commit leaves no standing certificate', async () => {
    await apply();
    await sell('10.00');
    await closeWhile(async (day) => {
      await sell('11.00');
      await bench.run(() => bench.activities.captureSource({ clientId, businessDate: DATE, ...day, sourceId: 'shop' }));
    });
    expect(await certificates()).toHaveLength(1);
    expect(await standing()).toEqual([]);
    expect(await close()).toMatchObject({ how: 'finished' });
    expect(await published()).toMatchObject({ 'main/gross_sales': 'v1 10 lapsed' });
  });

  test('a total that is stated between the reading and the commit leaves no standing certificate', async () => {
    await apply({ controls: [fileControl('gross_sales')] });
    await sell('10.00');
    await shop.totals([`${DATE},10.00,`]);
    await closeWhile(async (day) => {
      await shop.totals([`${DATE},11.00,`]);
      await bench.run(() => bench.activities.captureTotals({ clientId, businessDate: DATE, ...day }));
    });
    expect(await certificates()).toHaveLength(1);
    expect(await standing()).toEqual([]);
  });

  test('a record that arrives before the reading is normalized first', async () => {
    await apply();
    await sell('10.00');
    let late = true;
    const arrive = async (): Promise<void> => {
      if (!late) return;
      late = false;
      await sell('11.00');
      await bench.run(() =>
        bench.activities.captureSource({ clientId, businessDate: DATE, attempt: 1, modelVersion: 1, sourceId: 'shop' }),
      );
    };
    expect((await bench.close({ clientId, businessDate: DATE, before: { publishDay: arrive } })).status).toBe(
      'published',
    );
    expect(await published()).toMatchObject({ 'main/gross_sales': 'v1 11 unreconciled' });
  });
});
