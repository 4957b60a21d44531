import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { CloseDocument } from '../../schemas/api/closes.ts';
import type { ExplainDocument } from '../../schemas/api/explain.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { fileControl, openSmallShop, orderSource, type SmallShop } from '../support/small-shop.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const BEFORE = '2026-03-01';
const DAY = '2026-03-02';
const REPORT = {
  metrics: ['gross_sales', 'net_sales', 'orders', 'average_order_value', 'new_customers', 'returning_customers'],
  slices: ['desk'],
};
const STORES = [
  { id: 'east', timezone: 'America/New_York', currency: 'USD' },
  { id: 'west', timezone: 'America/New_York', currency: 'EUR' },
];

let bench: CloseBench;
let api: ApiBench;
let shop: SmallShop;
let token: string;

const explain = async (client: string, query: string): Promise<ExplainDocument> => {
  const answer = await api.ask<ExplainDocument>('GET', `/clients/${client}/explanation?${query}`, { token });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body;
};

beforeAll(async () => {
  bench = await startCloseBench();
  shop = await openSmallShop();
  api = await startApi({ database: bench.database, secrets: bench.deps.secrets });
  token = await api.token('viewer');
  const at = (date: string, hour: number) => `${date}T${hour}:00:00Z`;
  await shop.orders(BEFORE, [
    { id: 'old', at: at(BEFORE, 15), amount: '9.00', customer: 'known' },
    // It came with this file and is of the next day.
    { id: 'late', at: at(DAY, 15), amount: '3.00', customer: 'late', channel: 'web' },
  ]);
  await shop.orders(DAY, [
    { id: 'one', at: at(DAY, 15), amount: '60.00', customer: 'known', channel: 'web' },
    { id: 'two', at: at(DAY, 16), amount: '40.10', discount: '5.00', customer: 'fresh', channel: 'phone' },
    { id: 'two', at: at(DAY, 16), amount: '40.10', discount: '5.00', customer: 'fresh', channel: 'phone' },
    { id: 'bad', at: at(DAY, 17), amount: '7.50', spoiled: true },
  ]);
  await shop.orders(DAY, [{ id: 'w1', at: at(DAY, 15), amount: '20.00', customer: 'known' }], 'west');
  const one = { client: { customerHistoryFrom: BEFORE }, report: REPORT, controls: [fileControl('gross_sales')] };
  await shop.totals([`${DAY},103.10,`]);
  await bench.apply(shop.document(one));
  await bench.apply(
    shop.document({
      ...one,
      controls: [],
      client: { id: 'two-shops', name: 'Two shops', customerHistoryFrom: BEFORE },
      stores: STORES,
      currencyRates: [{ from: 'EUR', to: 'USD', rate: '1.1', since: '2026-01-01', source: 'a rate of the test' }],
      sources: [orderSource('shop', { store: 'east' }), orderSource('west', { store: 'west' })],
    }),
  );
  for (const clientId of ['small-shop', 'two-shops'])
    for (const businessDate of [BEFORE, DAY]) await bench.close({ clientId, businessDate });
}, 60_000);

afterAll(async () => {
  await api.stop();
  await bench.stop();
  await shop.remove();
});

test('a number is explained by everything that it rests on', async () => {
  const explained = await explain('small-shop', `metric=gross_sales&date=${DAY}`);
  expect(explained).toMatchObject({
    client: 'small-shop',
    metric: 'gross_sales',
    title: 'Gross sales',
    definition: 'gross_sales@1',
    owner: 'ada',
    version: 1,
    value: '103.10',
    currency: 'USD',
    certificate: 'reconciled',
    certified: { state: 'reconciled', lapsed: null, modelVersion: 1 },
    inputs: [
      { source: 'shop', records: 6, captures: [{ slot: `shop-${BEFORE}.ndjson` }, { slot: `shop-${DAY}.ndjson` }] },
    ],
    transforms: [{ transform: 'shop', version: 1, owner: 'ada' }],
    controls: [{ control: 'platform', ours: '103.10', theirs: '103.10', difference: '0.00', status: 'matched' }],
    decisions: [],
    deliveries: [{ report: 'nightly', destination: 'mail', status: 'sent', recipients: ['ada@agency.example'] }],
    recomputed: { value: '103.10', equal: true, records: 5 },
  });
});

test('every published number of a day is computed afresh to what was published', async () => {
  const asked = [
    ['small-shop', ''],
    ['two-shops', ''],
    ['two-shops', 'desk'],
  ] as const;
  for (const [client, dimension] of asked) {
    const { body } = await api.ask<{ numbers: ExplainDocument[] }>(
      'GET',
      `/clients/${client}/numbers?from=${DAY}&to=${DAY}${dimension && `&slice=${dimension}`}`,
      { token },
    );
    expect(body.numbers.length).toBeGreaterThan(5);
    for (const { metric, store, slice, value } of body.numbers) {
      const place = [
        store && `&store=${store}`,
        slice && `&slice=${slice.dimension}&member=${encodeURIComponent(slice.member)}`,
      ];
      const { recomputed } = await explain(client, `metric=${metric}&date=${DAY}${place.filter(Boolean).join('')}`);
      expect([client, store, metric, slice, recomputed.equal, recomputed.value]).toEqual([
        client,
        store,
        metric,
        slice,
        true,
        value,
      ]);
    }
  }
}, 120_000);

test('a number without a slice of its own or a version that there is not is a 404; one that is withheld says why', async () => {
  const ask = (query: string) => api.ask('GET', `/clients/small-shop/explanation?${query}`, { token });
  expect((await ask(`metric=gross_sales&date=${DAY}&version=9`)).status).toBe(404);
  const unknown = await ask(`metric=netsales&date=${DAY}`);
  expect([unknown.status, unknown.body.type]).toEqual([404, '/problems/unknown-metric']);
  expect(unknown.body.detail).toContain('gross_sales');
  const read = await api.ask('GET', '/clients/small-shop/numbers?metric=netsales', { token });
  expect([read.status, read.body.type]).toEqual([404, '/problems/unknown-metric']);
  expect((await ask(`metric=gross_sales&date=${DAY}&slice=desk`)).body.type).toBe('/problems/half-a-slice');
  await shop.totals([`${DAY},103.10,`, '2026-03-03,1.00,']);
  await shop.orders('2026-03-03', [{ id: 'x', at: '2026-03-03T15:00:00Z', amount: '2.00' }]);
  await bench.close({ clientId: 'small-shop', businessDate: '2026-03-03' });
  const withheld = await ask('metric=gross_sales&date=2026-03-03');
  expect([withheld.status, String(withheld.body.detail)]).toEqual([404, expect.stringContaining('It is withheld')]);
});

test('what is computed afresh comes from the raw events and not from the ledger', async () => {
  await sql`
    update ledger_entry set amount_micros = amount_micros + 1000000
    where client_id = 'small-shop' and business_date = ${DAY} and order_id = 'one'`.execute(bench.db);
  expect((await explain('small-shop', `metric=gross_sales&date=${DAY}`)).recomputed).toMatchObject({
    value: '103.10',
    equal: true,
  });
  await sql`
    update raw_event set payload = replace(payload, '60.00', '61.00')
    where client_id = 'small-shop' and business_key like '%one%'`.execute(bench.db);
  expect((await explain('small-shop', `metric=gross_sales&date=${DAY}`)).recomputed).toMatchObject({
    value: '104.10',
    equal: false,
  });
});

test('a version is computed from exactly what it was certified on, whatever came after it', async () => {
  const day = '2026-03-05';
  const order = (id: string, amount: string) => ({ id, at: `${day}T15:00:00Z`, amount });
  await shop.orders(day, [order('a', '10.00'), order('b', '20.00')]);
  await bench.close({ clientId: 'two-shops', businessDate: day });
  await shop.orders(day, [order('a', '11.00'), order('c', '5.00')]);
  const { activities, run } = bench;
  const key = { clientId: 'two-shops', businessDate: day, attempt: 2, modelVersion: 1 };
  await run(() => activities.captureSource({ ...key, sourceId: 'shop' }));
  const explained = await explain('two-shops', `metric=gross_sales&date=${day}&store=east&version=1`);
  expect(explained).toMatchObject({
    value: '30.00',
    certificate: 'lapsed',
    certified: { lapsed: { reason: expect.stringContaining('changed') } },
    recomputed: { value: '30.00', equal: true },
  });
});

test('the day of a client with several stores shows each number for all of them and for each', async () => {
  const { body } = await api.ask<CloseDocument>('GET', `/clients/two-shops/closes/${DAY}`, { token });
  const gross = body.metrics.filter((one) => one.metric === 'gross_sales');
  expect(gross.map((one) => [one.store, one.value, one.currency])).toEqual([
    ['', '125.10', 'USD'],
    ['east', '103.10', 'USD'],
    ['west', '20.00', 'EUR'],
  ]);
});
