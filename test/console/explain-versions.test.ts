import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { formatExact, parseMicros } from '../../domain/money.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import type { ExplainDocument } from '../../schemas/api/explain.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { fileControl, type Order, openSmallShop, orderSource, type SmallShop } from '../support/small-shop.ts';
import { type ApiBench, startApi } from './api-bench.ts';

const BEFORE = '2026-03-01';
const DAY = '2026-03-02';
const MANY = '2026-03-03';
const METRICS = ['gross_sales', 'net_sales', 'orders', 'average_order_value', 'new_customers'];

let bench: CloseBench;
let api: ApiBench;
let shop: SmallShop;
let token: string;

const order = (id: string, amount: string, more: Partial<Order> = {}): Order => ({
  id,
  at: `${DAY}T15:00:00Z`,
  amount,
  ...more,
});

async function explain(query: string, client = 'small-shop'): Promise<ExplainDocument> {
  const answer = await api.ask<ExplainDocument>('GET', `/clients/${client}/explanation?${query}`, { token });
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return answer.body;
}
const changeIn = async (query: string, client?: string) => (await explain(query, client)).versions.at(-1)!.change!;

/** The contributions of all records and what is left, as they are told. */
function sumOf({ records }: Awaited<ReturnType<typeof changeIn>>): string {
  const { list, more, rest } = records!;
  const all = [...list.map((one) => one.contribution!), more.contribution!, rest?.contribution ?? '0'];
  return formatExact(all.reduce((sum, one) => sum + parseMicros(one), 0n));
}

async function decide(clientId: string, actor: string): Promise<void> {
  const { body } = await api.ask<{ exceptions: { id: string; version: number }[] }>(
    'GET',
    `/exceptions?client=${clientId}`,
    {
      token,
    },
  );
  const { id: exceptionId } = body.exceptions[0]!;
  await bench.run(() => bench.activities.askOwner(exceptionId));
  const { body: shown } = await api.ask<{ version: number }>('GET', `/exceptions/${exceptionId}`, { token });
  const { accepted } = await bench.run(() =>
    bench.activities.recordDecision({
      decisionId: `d-${exceptionId}`,
      exceptionId,
      expectedVersion: shown.version,
      verb: 'approve',
      args: {},
      reason: 'the late order is real',
      actor,
      onBehalfOf: null,
      via: 'api',
    }),
  );
  expect(accepted).toBe(true);
}

beforeAll(async () => {
  bench = await startCloseBench();
  shop = await openSmallShop();
  api = await startApi({ database: bench.database, secrets: bench.deps.secrets });
  token = await api.token('viewer');
  await bench.apply(
    shop.document({ client: { customerHistoryFrom: BEFORE }, report: { metrics: METRICS, slices: ['desk'] } }),
  );
  const close = (
    cause: 'manual' | 'decision' | 'revise',
    businessDate = DAY,
    beginsAt: 'capture' | 'reconcile' = 'capture',
  ) => bench.close({ clientId: 'small-shop', businessDate, cause, beginsAt });
  await shop.orders(BEFORE, [{ id: 'old', at: `${BEFORE}T15:00:00Z`, amount: '9.00', customer: 'known' }]);
  await close('manual', BEFORE);
  const kept = [order('kept', '10.00', { customer: 'known', channel: 'web' })];
  await shop.orders(DAY, [
    ...kept,
    order('changed', '20.00', { customer: 'fresh', channel: 'web' }),
    order('dropped', '5.00', { customer: 'fresh', channel: 'phone' }),
  ]);
  await close('manual');
  const second = [
    ...kept,
    order('changed', '22.504', { customer: 'fresh', channel: 'web' }),
    order('late', '40.00', { customer: 'late', channel: 'phone', discount: '1.00' }),
  ];
  await shop.orders(DAY, second);
  expect((await close('manual')).status).toBe('waiting');
  await decide('small-shop', 'ben');
  await close('decision', DAY, 'reconcile');
  await shop.orders(DAY, [...second, order('planned', '1.00', { customer: 'known', channel: 'web' })]);
  await close('revise');
  const lines = (amount: string) =>
    Array.from({ length: 50 }, (_, at) => ({ ...order(`m${at}`, amount), at: `${MANY}T15:00:00Z` }));
  await shop.orders(MANY, lines('1.001'));
  await close('manual', MANY);
  await shop.orders(MANY, lines('2.002'));
  await close('revise', MANY);
}, 60_000);

afterAll(async () => {
  await api.stop();
  await bench.stop();
  await shop.remove();
});

test('a version says which records are new, changed and gone, and their contributions sum to the difference', async () => {
  const { versions } = await explain(`metric=gross_sales&date=${DAY}`);
  expect(versions.map(({ version, value, reason, basis }) => [version, value, reason, basis])).toEqual([
    [1, '35.00', null, 'first'],
    [2, '72.50', 'source_revised', 'decision'],
    [3, '73.50', 'late_arrival', 'planned'],
  ]);
  expect(versions[0]!.change).toBeNull();
  const change = versions[1]!.change!;
  expect(change).toMatchObject({ from: 1, before: '35.00', after: '72.50', difference: '37.50' });
  expect(change.records).toMatchObject({
    new: { records: 1, contribution: '40.00' },
    changed: { records: 1, contribution: '2.504' },
    gone: { records: 1, contribution: '-5.00' },
    more: { records: 0, contribution: '0.00' },
    rest: { contribution: '-0.004', why: 'rounding to the digits of the currency' },
  });
  expect(change.records!.list).toEqual([
    {
      state: 'new',
      source: 'shop',
      key: expect.stringContaining('late'),
      file: `shop-${DAY}.ndjson`,
      line: 3,
      before: '0.00',
      after: '40.00',
      contribution: '40.00',
    },
    {
      state: 'gone',
      source: 'shop',
      key: expect.stringContaining('dropped'),
      file: `shop-${DAY}.ndjson`,
      line: 3,
      before: '5.00',
      after: '0.00',
      contribution: '-5.00',
    },
    {
      state: 'changed',
      source: 'shop',
      key: expect.stringContaining('changed'),
      file: `shop-${DAY}.ndjson`,
      line: 2,
      before: '20.00',
      after: '22.504',
      contribution: '2.504',
    },
  ]);
  expect(sumOf(change)).toBe('37.50');
});

test('a metric that is made of others counts what each record gave to all of them', async () => {
  const { versions } = await explain(`metric=net_sales&date=${DAY}`);
  const { change } = versions[1]!;
  expect(change!.records!.list.find((one) => one.key.includes('late'))).toMatchObject({ contribution: '39.00' });
  expect(sumOf(change!)).toBe('36.50');
});

test('orders and customers are counted once each, and by the records that speak of them', async () => {
  const orders = (await explain(`metric=orders&date=${DAY}`)).versions[1]!;
  expect(orders).toMatchObject({ value: '4', change: { before: '3', difference: '1' } });
  expect(orders.change!.records).toMatchObject({ new: { records: 2 }, gone: { records: 1 }, changed: { records: 0 } });
  expect(sumOf(orders.change!)).toBe('1.00');
  const customers = (await explain(`metric=new_customers&date=${DAY}`)).versions[1]!;
  expect(customers.change).toMatchObject({ before: '1', after: '2', difference: '1' });
  expect(customers.change!.records!.list).toMatchObject([{ state: 'new', key: expect.stringContaining('late') }]);
});

test('a ratio has no records: it says what its parts were and are', async () => {
  const change = (await explain(`metric=average_order_value&date=${DAY}`)).versions[1]!.change!;
  expect(change.records).toBeNull();
  expect(change.parts).toEqual([
    { metric: 'gross_sales', before: '35.00', after: '72.50' },
    { metric: 'discounts', before: '0.00', after: '-1.00' },
    { metric: 'orders', before: '3', after: '3' },
  ]);
});

test('a slice is explained by the records of its member alone', async () => {
  const phone = await explain(`metric=net_sales&date=${DAY}&slice=desk&member=phone`);
  const { change } = phone.versions[1]!;
  expect(change).toMatchObject({ before: '5.00', after: '39.00' });
  expect(change!.records!.list.map((one) => one.state).sort()).toEqual(['gone', 'new']);
  expect(sumOf(change!)).toBe('34.00');
});

test('says who decided: a person with a reason, or who planned it, with the event of the audit trail', async () => {
  const { versions } = await explain(`metric=gross_sales&date=${DAY}`);
  expect(versions[0]!.decided).toMatchObject({ how: 'the first version', actor: null });
  expect(versions[1]!.decided).toMatchObject({
    how: 'by a decision',
    actor: 'ben',
    reason: 'the late order is real',
    exception: expect.any(String),
    at: expect.any(String),
    audit: { sequence: expect.stringMatching(/^\d+$/) },
  });
  expect(versions[2]!.decided).toMatchObject({ how: 'planned', actor: 'tester', reason: null });
});

test('a planned revision says what was said when it was asked for', async () => {
  const { rows } = await sql<{ run_id: string }>`
    select run_id from attempt where client_id = 'small-shop' and business_date = ${DAY} order by attempt desc limit 1`.execute(
    bench.db,
  );
  await bench.db.transaction().execute((tx) =>
    appendAudit(tx, bench.deps.secrets.auditKey, {
      clientId: 'small-shop',
      businessDate: DAY,
      actor: 'tester',
      onBehalfOf: 'ada',
      action: 'close.revise_requested',
      subject: DAY,
      detail: { reason: 'the shop sent it late', runId: rows[0]!.run_id },
    }),
  );
  const { versions } = await explain(`metric=gross_sales&date=${DAY}`);
  expect(versions[2]!.decided).toMatchObject({ reason: 'the shop sent it late', onBehalfOf: 'ada' });
});

test('says who was told of which version, by which delivery', async () => {
  await bench.run(() => bench.activities.sendCorrections('small-shop'));
  for (const outbox of bench.outboxes.splice(0)) while (await bench.run(() => bench.activities.sendQueued(outbox)));
  const { versions } = await explain(`metric=gross_sales&date=${DAY}`);
  expect(versions[0]!.told).toMatchObject([
    { destination: 'mail', kind: 'report', status: 'sent', recipients: 1, businessDate: DAY, at: expect.any(String) },
  ]);
  expect(versions[1]!.told).toEqual([]);
  expect(versions[2]!.told).toMatchObject([{ destination: 'mail', kind: 'correction', status: 'sent', recipients: 1 }]);
});

test('a correction is in the story of the day that it corrects, and is listed under it', async () => {
  const ask = <T>(path: string) => api.ask<T>('GET', path, { token });
  const { body } = await ask<{ deliveries: object[] }>(`/deliveries?client=small-shop&date=${DAY}&kind=correction`);
  expect(body.deliveries).toMatchObject([{ destination: 'mail', corrects: expect.arrayContaining([DAY]) }]);
  const { body: audit } = await ask<{ story: { text: string; attempt: number | null }[] }>(
    `/clients/small-shop/audit?date=${DAY}`,
  );
  expect(audit.story.filter((one) => one.text.includes('correction'))).toEqual([
    expect.objectContaining({ text: 'Sent the correction to mail (ada@agency.example).', attempt: null }),
  ]);
});

test('names at most twenty records; the others are told by their number and sum', async () => {
  const change = await changeIn(`metric=gross_sales&date=${MANY}`);
  expect(change).toMatchObject({ before: '50.05', after: '100.10', difference: '50.05', records: { rest: null } });
  expect(change.records!.list).toHaveLength(20);
  expect(change.records!.more).toEqual({ records: 30, contribution: '30.03' });
  expect(sumOf(change)).toBe('50.05');
});

test('an earlier version stays as it was certified, and is computed afresh to the same', async () => {
  const first = await explain(`metric=gross_sales&date=${DAY}&version=1`);
  expect(first).toMatchObject({
    version: 1,
    value: '35.00',
    certificate: 'lapsed',
    recomputed: { value: '35.00', equal: true },
  });
  expect(first.versions.map((one) => one.version)).toEqual([1, 2, 3]);
  const present = await explain(`metric=gross_sales&date=${DAY}`);
  expect(present).toMatchObject({ version: 3, value: '73.50', recomputed: { value: '73.50', equal: true } });
  expect(present.versions).toEqual(first.versions);
});

test('the present version has its present certificate, also where that was issued anew', async () => {
  await shop.totals([`${MANY},100.10,`]);
  await bench.apply(
    shop.document({
      client: { customerHistoryFrom: BEFORE },
      report: { metrics: METRICS, slices: ['desk'] },
      controls: [fileControl('gross_sales')],
      effectiveFrom: MANY,
    }),
  );
  expect((await bench.close({ clientId: 'small-shop', businessDate: MANY })).how).toBe('finished');
  const present = await explain(`metric=gross_sales&date=${MANY}`);
  const { versions, certificate } = present;
  expect(certificate).toBe('reconciled');
  expect(await explain(`metric=gross_sales&date=${MANY}&version=2`)).toEqual(present);
  expect(versions.map((one) => one.certificate)).toEqual(['lapsed', 'reconciled']);
  expect(versions[0]!.certificateWords).toMatch(/^changed since: .*; before that nothing to compare with$/);
  expect(versions[1]!.certificateWords).toMatch(
    /^reconciled with the platform’s report on gross sales \(control platform\)/,
  );
});

test('a change of what the records mean names the transforms that differ', async () => {
  const base = orderSource();
  const entries = [{ is: 'gross_sales', amount: ['tax'] }];
  const mapping = { ...(base.mapping as object), entries };
  const day = '2026-03-06';
  const sell = { ...order('t', '10.00', { tax: '2.00' }), at: `${day}T15:00:00Z` };
  await shop.orders(day, [sell]);
  const document = (sources: object[], more: object = {}) =>
    shop.document({
      client: { id: 'meaning', name: 'Meaning' },
      report: { metrics: ['gross_sales'] },
      sources,
      ...more,
    });
  await bench.apply(document([base]));
  await bench.close({ clientId: 'meaning', businessDate: day });
  await bench.apply(document([{ ...base, mapping }], { effectiveFrom: day }));
  await bench.close({ clientId: 'meaning', businessDate: day, cause: 'revise' });
  expect(await changeIn(`metric=gross_sales&date=${day}`, 'meaning')).toMatchObject({
    before: '10.00',
    after: '2.00',
    model: { before: 1, after: 2 },
    transforms: [{ transform: 'shop', before: 1, after: 2 }],
    records: { changed: { records: 1, contribution: '-8.00' }, new: { records: 0 } },
  });
});

test('all stores together are explained in the currency of the client', async () => {
  const clientId = 'two-shops';
  await bench.apply(
    shop.document({
      client: { id: clientId, name: 'Two shops' },
      report: { metrics: ['gross_sales', 'orders'] },
      stores: [
        { id: 'east', timezone: 'America/New_York', currency: 'USD' },
        { id: 'west', timezone: 'America/New_York', currency: 'EUR' },
      ],
      currencyRates: [{ from: 'EUR', to: 'USD', rate: '1.1', since: '2026-01-01', source: 'a rate of the test' }],
      sources: [orderSource('shop', { store: 'east' }), orderSource('west', { store: 'west' })],
    }),
  );
  const day = '2026-03-09';
  const at = `${day}T15:00:00Z`;
  const close = (cause: 'manual' | 'revise') => bench.close({ clientId, businessDate: day, cause });
  await shop.orders(day, [{ ...order('e', '10.00'), at }]);
  await shop.orders(day, [{ ...order('w', '20.00'), at }], 'west');
  await close('manual');
  await shop.orders(
    day,
    [
      { ...order('w', '20.00'), at },
      { ...order('w2', '10.05'), at },
    ],
    'west',
  );
  await close('revise');
  const change = await changeIn(`metric=gross_sales&date=${day}`, clientId);
  expect(change).toMatchObject({ before: '32.00', after: '43.06', difference: '11.06' });
  expect(change.records!.list).toMatchObject([{ state: 'new', source: 'west', contribution: '11.06' }]);
  expect(sumOf(change)).toBe('11.06');
  const orders = await changeIn(`metric=orders&date=${day}`, clientId);
  expect(orders.records).toMatchObject({ new: { records: 1, contribution: '1' }, rest: null });
});
