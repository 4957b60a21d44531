import { sql } from 'kysely';
import type { CloseCause } from '../../domain/close.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { type Order, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const NEXT = '2026-03-11';
const noon = (date: string) => `${date}T16:00:00Z`;
let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});
const mail = (id: string, to: string[], more: object = {}) => ({ id, kind: 'email', to, mode: 'live', release: 'automatic', ...more });
const TEAM = mail('team', ['ada']);
const OWNER = mail('owner', ['kim@shop.example']);
const apply = (over: Record<string, unknown> = {}, report: object = {}) =>
  bench.apply(shop.document({ ...over, client: { id: clientId }, report: { destinations: [TEAM], ...report } }));
const close = (cause: CloseCause = 'manual', businessDate = DATE) => bench.close({ clientId, businessDate, cause });
const order = (id: string, amount: string, more: object = {}, date = DATE): Order => ({ id, at: noon(date), amount, ...more });
async function correct() {
  await bench.run(() => bench.activities.sendCorrections(clientId));
  for (const outbox of bench.outboxes.splice(0)) while (await bench.run(() => bench.activities.sendQueued(outbox)));
}
const mails = () => bench.mailbox.mails.filter((one) => one.headers.get('x-meshline-client') === clientId);
const dump = async () =>
  (await sql`select n.metric, n.dimension d, n.member m, n.version v, (n.value_micros/1000000.0)::numeric(12,2)::text val, n.basis, n.reason, n.finality,
    case when c.lapsed_at is null then c.state else 'lapsed' end cert from published_number n join certificate c using(certificate_id)
    where n.client_id=${clientId} and n.business_date=${DATE} order by 1,2,3,4`.execute(bench.db)).rows.map((r: any) => Object.values(r).join(' '));
const dels = async () =>
  (await sql`select delivery_id, business_date::text, kind, destination_id, channel, status, subject, (select count(*) from delivery_number n where n.delivery_id=d.delivery_id)::int as n, recipients::text from delivery d where client_id=${clientId} order by 1`.execute(bench.db)).rows.map((r: any) => Object.values(r).join(' | '));
const day = async () => (await sql`select status, lapsed_at from business_day where client_id=${clientId} and business_date=${DATE}`.execute(bench.db)).rows;
const settle = () => sql`update published_number set final_at = now() - interval '1 second', finality='final' where client_id = ${clientId}`.execute(bench.db);
const passNight = () => sql`update delivery set business_date = business_date - 1, message_id = 'before' || message_id where client_id = ${clientId} and kind = 'correction'`.execute(bench.db);
const out = (name: string, x: unknown) => process.stderr.write(`## ${name} ${JSON.stringify(x, (_k, v) => (typeof v === 'bigint' ? String(v) : v), 1)}\n`);
let decisions = 0;
async function decide(verb: 'approve' | 'reject') {
  const rows = (await sql<any>`select exception_id, version, kind, state, message from exception where client_id=${clientId} and state not in ('resolved','rejected') `.execute(bench.db)).rows;
  out('exceptions', rows);
  const { exception_id: exceptionId, version } = rows[0]!;
  await bench.run(() => bench.activities.askOwner(exceptionId));
  decisions += 1;
  const said = { decisionId: `${clientId}-${decisions}`, verb, args: {}, reason: 'said so', actor: 'ada', onBehalfOf: null };
  return bench.run(() => bench.activities.recordDecision({ ...said, exceptionId, expectedVersion: version, via: 'api' } as any));
}
const lapsed = () => bench.run(() => bench.activities.planRevisions(clientId));


const basket = (v: number, den: string) => ({ metrics: [{ id: 'basket', title: 'Basket', version: v, ratio: { numerator: 'net_sales', denominator: den } }, { id: 'taxed', title: 'T', sum: { kinds: ['tax'] } }] });
test('H13 ratio definition raised', async () => {
  await apply(basket(1, 'orders'), { metrics: ['net_sales', 'basket'] });
  await shop.orders(DATE, [order('1', '100.00'), order('2', '5.00', { tax: '1.00' })]);
  await close();
  await apply({ ...basket(2, 'gross_sales'), effectiveFrom: DATE }, { metrics: ['net_sales', 'basket'] });
  const c = await close();
  out('H13', [c.status, c.how, (await dump()).filter((x) => x.startsWith('basket'))]);
  await correct();
  out('H13', await dels());
});
test('H16 metric dropped', async () => {
  await apply(basket(1, 'orders'), { metrics: ['net_sales', 'basket', 'taxed'] });
  await shop.orders(DATE, [order('1', '100.00', { tax: '2.00' })]);
  await close();
  await apply({ effectiveFrom: DATE }, { metrics: ['net_sales'] });
  await shop.orders(DATE, [order('1', '80.00', { tax: '1.00' })]);
  const c = await close('revise');
  out('H16', [c.status, c.how, (await dump()).filter((x) => /^(basket|taxed|net)/.test(x)), await lapsed()]);
  await correct();
  const c2 = await close('revise');
  out('H16', [c2.status, c2.how, await dels(), await day()]);
});
test('H18 reject a revision', async () => {
  await apply();
  await shop.orders(DATE, [order('1', '100.00')]);
  await close();
  await shop.orders(DATE, [order('1', '80.00')]);
  out('H18', (await close()).status);
  out('H18 decide', await decide('reject'));
  out('H18', [await day(), await lapsed(), (await dump()).filter((x) => /^net/.test(x))]);
  const c = await close();
  out('H18', [c.status, c.how]);
});
test('H23 silent change of a final number in a report that goes out again', async () => {
  await apply({ checks: [{ id: 'b', kind: 'safety_bounds', metric: 'orders', max: '1', severity: 'block' }] }).catch((e) => out('H23 apply', String(e)));
});
test('H24 two at once', async () => {
  await apply();
  await shop.orders(DATE, [order('1', '100.00')]);
  await close();
  await shop.orders(DATE, [order('1', '80.00')]);
  const r = await Promise.allSettled([close('revise'), close('revise')]);
  out('H24', r.map((x) => (x.status === 'fulfilled' ? [x.value.status, x.value.how] : String(x.reason))));
  await Promise.allSettled([bench.run(() => bench.activities.sendCorrections(clientId)), bench.run(() => bench.activities.sendCorrections(clientId))]);
  await correct();
  out('H24', [await dels(), (await dump()).filter((x) => /^net/.test(x)), mails().length]);
});
test('H25 order gone wholly', async () => {
  await apply({ closedDays: undefined }, {});
  await shop.orders(DATE, [order('1', '100.00'), order('2', '50.00', { channel: 'web' })]);
  await close();
  await shop.write(`shop-${DATE}.ndjson`, '');
  const c = await close('revise').catch((e) => e);
  out('H25', [c.status, c.how, (await dump()).filter((x) => /^net|^aver/.test(x))]);
});
