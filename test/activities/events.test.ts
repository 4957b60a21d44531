import { sql } from 'kysely';
import { emitExceptions } from '../../infra/postgres/events/exceptions.ts';
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

const apply = (routing: unknown, over: object = {}) =>
  bench.apply(shop.document({ client: { id: clientId }, ...(routing !== undefined && { routing }), ...over }));
const close = () => bench.close({ clientId, businessDate: DATE });

type EventRow = {
  event_id: string;
  type: string;
  facts: Record<string, unknown>;
  routed: object[];
  unmatched: boolean;
};
async function events(type = '%'): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select event_id, type, facts, routed, unmatched from event where client_id = ${clientId} and type like ${type}
    order by event_id`.execute(bench.db);
  return rows;
}

beforeEach(() => shop.orders(DATE, [{ id: '1', at: noon, amount: '10.00', channel: 'web' }]));

test('a close notes each total that it publishes as an event, no slice, and that it has finished', async () => {
  await apply([{ on: 'number.published', when: 'event.metric == "net_sales"', to: ['ada'] }], {
    report: { metrics: ['gross_sales', 'net_sales', 'orders'], slices: ['desk'] },
  });
  await close();
  const published = await events('number.%');
  const { rows } = await sql<{ metric: string }>`
    select metric from published_number where client_id = ${clientId} and dimension = '' order by metric`.execute(
    bench.db,
  );
  expect(published.map((one) => one.facts.metric)).toEqual(rows.map((one) => one.metric));
  const net = published.find((one) => one.facts.metric === 'net_sales')!;
  expect(net).toMatchObject({
    event_id: `number.published/${clientId}/${DATE}/${clientId}/net_sales/1`,
    facts: {
      value: '10.00',
      currency: 'USD',
      version: 1,
      status: 'published',
      certificate: 'unreconciled',
      previous: null,
    },
    routed: [{ to: 'ada', by: 'message' }],
    unmatched: false,
  });
  expect(published.filter((one) => one !== net).every((one) => one.unmatched && one.routed.length === 0)).toBe(true);
  expect(await events('close.%')).toEqual([
    expect.objectContaining({ facts: { attempt: 1, how: 'finished', status: 'published' }, unmatched: false }),
  ]);
});

test('a revision is an event of its own, with what it was before and how far it moved', async () => {
  await apply([{ on: 'number.revised', when: 'event.change > 1 && event.reason == "source_revised"', to: ['ada'] }], {
    sources: [orderSource('shop', { settlingDays: 400 })],
  });
  await close();
  await shop.orders(DATE, [{ id: '1', at: noon, amount: '12.50', channel: 'web' }]);
  await close();
  const [gross] = (await events('number.revised')).filter((one) => one.facts.metric === 'gross_sales');
  expect(gross).toMatchObject({
    facts: { version: 2, value: '12.50', previous: '10.00', change: '2.50', finality: 'provisional' },
    routed: [{ to: 'ada', by: 'message' }],
  });
});

test('what a document without rules closes is noted, and nothing of it is unmatched', async () => {
  await apply(undefined);
  await close();
  expect((await events()).some((one) => one.unmatched)).toBe(false);
  expect(await events('number.published')).not.toEqual([]);
});

test('a finding opens an exception once, and is over once: repeated attempts and looks note nothing again', async () => {
  await apply([{ on: 'exception.opened', when: 'exception.metric == "gross_sales"', to: ['ada'] }], {
    controls: [fileControl('gross_sales')],
  });
  await shop.totals([`${DATE},12.00,`]);
  await close();
  await shop.totals([`${DATE},13.00,`]);
  await close();
  const opened = await events('exception.%');
  expect(opened).toEqual([
    expect.objectContaining({ type: 'exception.opened', routed: [{ to: 'ada', by: 'message' }] }),
  ]);
  expect(opened[0]!.facts).toMatchObject({ kind: 'control_difference', metric: 'gross_sales', difference: '-2.00' });
  await shop.totals([`${DATE},10.00,`]);
  await close();
  await bench.db.transaction().execute((tx) => emitExceptions(tx, [String(opened[0]!.facts.exception)]));
  expect((await events('exception.%')).map((one) => [one.type, one.facts.resolution])).toEqual([
    ['exception.opened', null],
    ['exception.resolved', 'no longer found'],
  ]);
});
