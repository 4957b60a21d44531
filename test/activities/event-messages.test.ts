import { sql } from 'kysely';
import { emitEvents } from '../../infra/postgres/events/emit.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';
const noon = (date: string) => `${date}T16:00:00Z`;
const hook = { id: 'hook', kind: 'webhook', url: 'http://127.0.0.1:9/', secretRef: 'ops-hook', mode: 'live' };
const mail = { id: 'mail', kind: 'email', to: ['ada'], mode: 'internal', release: 'automatic' };

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
  bench.outboxes.length = 0;
});

const apply = (routing: unknown, destinations: object[] = [mail, hook], over: object = {}) =>
  bench.apply(
    shop.document({
      client: { id: clientId },
      sources: [orderSource('shop', { settlingDays: 400 })],
      report: { metrics: ['net_sales', 'orders'], destinations },
      routing,
      ...over,
    }),
  );
const sell = (amount: string, date = DATE) => shop.orders(date, [{ id: '1', at: noon(date), amount }]);
const close = (cause: 'manual' | 'schedule' | 'late_data' = 'manual', businessDate = DATE) =>
  bench.close({ clientId, businessDate, cause });

type Row = {
  destination_id: string;
  status: string;
  subject: string;
  body_text: string;
  recipients: string[];
  event: string | null;
};
async function messages(): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select destination_id, status, subject, body_text, recipients, event from delivery
    where client_id = ${clientId} and kind = 'event' order by delivery_id`.execute(bench.db);
  return rows;
}

/** Sends what waits for one destination, as its outbox does. */
async function empty(destinationId: string): Promise<void> {
  while (await bench.run(() => bench.activities.sendQueued({ clientId, destinationId })));
}

test('the events of one publication are one message to each target, by the way that it is reached', async () => {
  await apply([
    { on: 'number.published', when: 'event.value > 0', to: ['ben', 'hook'] },
    { on: 'close.finished', to: ['hook'] },
  ]);
  await sell('10.00');
  await close();
  const [toBen, toHook, ...others] = await messages();
  expect(others).toEqual([]);
  expect([toBen!.destination_id, toBen!.status, toBen!.recipients]).toEqual(['ben', 'pending', ['ben@agency.example']]);
  expect(toBen!.body_text).toContain('net_sales: 10.00 USD (provisional, unreconciled).');
  const body = JSON.parse(toHook!.body_text);
  expect([toHook!.event, body.type, body.client, body.businessDate]).toEqual(['events', 'events', clientId, DATE]);
  expect(body.events.at(-1)).toMatchObject({ type: 'close.finished', status: 'published', attempt: 1 });
  expect(body.events).toContainEqual(
    expect.objectContaining({ type: 'number.published', metric: 'net_sales', value: '10.00', version: 1 }),
  );
  expect(bench.outboxes.filter((one) => one.clientId === clientId).map((one) => one.destinationId)).toEqual(
    expect.arrayContaining(['ben', 'hook']),
  );
  await empty('ben');
  const arrived = bench.mailbox.mails.filter((one) => one.subject === toBen!.subject);
  expect(arrived).toHaveLength(1);
});

test('a request reaches its receiver signed, under a key that names it, and once', async () => {
  const receiver = await startReceiver();
  try {
    await apply([{ on: 'close.finished', to: ['hook'] }], [mail, { ...hook, url: receiver.url }]);
    await sell('10.00');
    await close();
    await empty('hook');
    const told = receiver.received.filter((one) => JSON.parse(one.body).type === 'close.finished');
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0]!.body).id).toBe(told[0]!.headers['idempotency-key']);
    expect(told[0]!.headers).toHaveProperty('meshline-signature');
  } finally {
    await receiver.close();
  }
});

test('what a receiver refuses for good is told to whom the rules name, and what is refused of that is not', async () => {
  const receiver = await startReceiver();
  try {
    receiver.answerWith(400, 400, 400);
    await apply([{ on: 'delivery.failed', to: ['ben', 'hook'] }], [mail, { ...hook, url: receiver.url }]);
    await sell('10.00');
    await close();
    await empty('hook');
    const [toBen, toHook, ...others] = await messages();
    expect(others).toEqual([]);
    expect(toBen!.body_text).toContain('The report for hook did not get there');
    expect(JSON.parse(toHook!.body_text).events).toEqual([
      expect.objectContaining({ type: 'delivery.failed', destination: 'hook', kind: 'report', channel: 'webhook' }),
    ]);
    expect([toHook!.status, receiver.received.length]).toEqual(['failed', 2]);
  } finally {
    await receiver.close();
  }
});

test('a mail destination of the report hears of numbers by the report and by nothing else', async () => {
  await apply([{ on: 'number.published', to: ['mail'] }]);
  await sell('10.00');
  await close();
  expect(await messages()).toEqual([]);
});

test('what is told once is not told again, and what comes anew is told by itself', async () => {
  await apply([
    { on: 'number.revised', to: ['ben'] },
    { on: 'number.published', to: ['ben'] },
  ]);
  await sell('10.00');
  await close();
  await sell('12.00');
  await close();
  const [first, second, ...others] = await messages();
  expect(others).toEqual([]);
  expect(first!.body_text).not.toContain('became');
  expect(second!.body_text).toContain('net_sales: 10.00 USD became 12.00 USD (+2.00, source revised,');
  expect(second!.body_text).not.toContain('orders: 1');
});

test('a night tells each reader once of all days that it closed, when it is done', async () => {
  await apply([
    { on: 'number.published', to: ['ben'] },
    { on: 'number.revised', to: ['ben'] },
  ]);
  await sell('10.00');
  await close('schedule');
  await sell('1.00', NEXT);
  await close('late_data', NEXT);
  expect(await messages()).toEqual([]);
  await bench.run(() => bench.activities.sendCorrections(clientId));
  const [only, ...others] = await messages();
  expect(others).toEqual([]);
  expect(only!.body_text).toContain('net_sales: 10.00 USD');
  expect(only!.body_text).toContain('net_sales: 1.00 USD');
  await bench.run(() => bench.activities.sendCorrections(clientId));
  expect(await messages()).toHaveLength(1);
});

test('an exception does not wait for the end of the night', async () => {
  await apply([{ on: 'exception.opened', to: ['ben'] }], [mail], { controls: [fileControl('net_sales')] });
  await sell('10.00');
  await shop.totals([`${DATE},12.00,`]);
  await close('schedule');
  expect((await messages()).map((one) => one.subject)).toEqual([expect.stringContaining('Found, with ada')]);
});

test('a text to somebody outside the team is a draft, and one in shadow is kept only', async () => {
  await apply(
    [{ on: 'close.finished', to: ['client', 'shade'] }],
    [
      { ...mail, id: 'client', to: ['owner@shop.example'], mode: 'live' },
      { ...hook, id: 'shade', mode: 'shadow' },
    ],
  );
  await sell('10.00');
  await close();
  expect((await messages()).map((one) => [one.destination_id, one.status])).toEqual([
    ['client', 'draft'],
    ['shade', 'stored'],
  ]);
});

test('what no day is about is handed on by the care of the installation, filed under today', async () => {
  await apply([{ on: 'period.locked', to: ['ben'] }]);
  const { document } = await loadModel(bench.db, clientId, 1);
  const facts = { month: '2026-02', actor: 'ada', reason: 'all settled' };
  const event = { id: `p/${clientId}`, type: 'period.locked', clientId, businessDate: null, facts } as const;
  await bench.db.transaction().execute((tx) => emitEvents(tx, document, [event]));
  const { createRepairOutboxes } = await import('../../activities/installation/repair-outboxes.ts');
  const installation = { runningOutboxes: async () => new Set<string>() } as never;
  await bench.run(() => createRepairOutboxes({ ...bench.deps, installation })());
  expect((await messages()).map((one) => one.body_text)).toEqual([
    expect.stringContaining('2026-02 was locked by ada: all settled.'),
  ]);
});
