import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { PeriodDocument } from '../../schemas/api/periods.ts';
import { type MonthBench, orderOf, startMonthBench } from '../support/month-bench.ts';
import { type Order, orderSource } from '../support/small-shop.ts';

const MARCH = '2026-03';
const APRIL = '2026-04';
const MAY = '2026-05';
const [EVE, LAST] = ['2026-03-30', '2026-03-31'] as const;

let month: MonthBench;
let clients = 0;
let client: string;

beforeAll(async () => {
  month = await startMonthBench();
}, 60_000);
afterAll(() => month.stop());

const first = (date: string): Order => ({ ...orderOf(`o-${date}`, date, '10.00'), channel: 'web' });
const late = (date: string, amount: string, more: Partial<Order> = {}): Order => ({
  ...orderOf(`late-${date}-${amount}`, date, amount),
  channel: 'web',
  ...more,
});

const apply = (more: object = {}) =>
  month.bench.apply(
    month.shop.document({ client: { id: client, name: client }, report: { slices: ['desk'] }, ...more }),
  );
const close = (date: string, orders: readonly Order[]) => month.closeDay(date, orders, client);
const say = (person: string, verb: 'close' | 'lock' | 'reopen', of = MARCH) =>
  month.say(person, verb, of, undefined, client);

async function lockMonth(of = MARCH): Promise<void> {
  expect((await say('ada', 'close', of)).status).toBe(200);
  expect((await say('ben', 'lock', of)).status).toBe(200);
}

/** A client whose first day is the last but one of March: both days are published, and March is locked. */
beforeEach(async () => {
  clients += 1;
  client = `adjusted-${clients}`;
  await apply({ revisions: { metrics: { '*': { tolerance: { percent: '1000' } } } } });
  for (const date of [EVE, LAST]) await close(date, [first(date)]);
  await lockMonth();
}, 60_000);

const numberOf = ({ numbers }: PeriodDocument, metric: string) => numbers.find((one) => one.metric === metric);
const shown = (of: string) => month.show(of, client);

type Row = { month: string; date: string; metric: string; member: string; amount: string; reason: string };
/** Every adjustment of the client, totals and slices. */
async function posted(metric = 'gross_sales'): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select period_month as month, business_date::text as date, metric, member, (amount_micros / 1000000.0)::numeric(12,2)::text as amount,
      reason from prior_period_adjustment where client_id = ${client} and metric = ${metric}
    order by posted_at, business_date, dimension, member, sequence`.execute(month.bench.db);
  return rows;
}
const versionsOf = async (date: string) => {
  const { rows } = await sql<{ version: number; value: string }>`
    select version, (value_micros / 1000000.0)::numeric(12,2)::text as value from published_number
    where client_id = ${client} and business_date = ${date} and metric = 'gross_sales' and dimension = '' order by version`.execute(
    month.bench.db,
  );
  return rows.map((row) => `${row.version}: ${row.value}`);
};

describe('a late event in a locked month', () => {
  test('posts nothing of what a person had kept before the lock, until something else comes', async () => {
    await say('ada', 'reopen');
    await say('ben', 'reopen');
    await apply({ effectiveFrom: EVE });
    expect(await close(LAST, [first(LAST), late(LAST, '2.00')])).toBe('waiting');
    const { rows } = await sql<{ id: string; version: number }>`
      select exception_id as id, version from exception where client_id = ${client}`.execute(month.bench.db);
    const said = { decisionId: `keep-${client}`, verb: 'reject', args: {}, reason: 'no', via: 'api' } as const;
    const by = { exceptionId: rows[0]!.id, expectedVersion: rows[0]!.version, actor: 'ada', onBehalfOf: null };
    await month.bench.run(() => month.bench.activities.recordDecision({ ...said, ...by }));
    await month.bench.close({ clientId: client, businessDate: LAST, beginsAt: 'reconcile', cause: 'decision' });
    await lockMonth();
    // Another version of the document has the day judged anew.
    await apply({ effectiveFrom: EVE, revisions: { metrics: { orders: { tolerance: { absolute: '1' } } } } });
    await close(LAST, [first(LAST), late(LAST, '2.00')]);
    expect([await versionsOf(LAST), await posted()]).toEqual([['1: 10.00'], []]);
    await close(LAST, [first(LAST), late(LAST, '2.00'), late(LAST, '3.00')]);
    expect((await posted()).filter((one) => one.member === '')).toMatchObject([{ amount: '5.00', month: APRIL }]);
  });

  test('leaves its numbers as they are, to the byte, and is posted to the open one with its own date', async () => {
    const { adjustedSince: none, ...before } = await shown(MARCH);
    expect(await close(LAST, [first(LAST), late(LAST, '4.50')])).toBe('published');
    const { adjustedSince, ...after } = await shown(MARCH);
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
    expect([none, await versionsOf(LAST)]).toEqual([[], ['1: 10.00']]);
    const adjustment = { businessDate: LAST, postedIn: APRIL, amount: '4.50', reason: 'late_arrival' };
    expect(adjustedSince.find((one) => one.metric === 'gross_sales')).toMatchObject(adjustment);
    const april = await shown(APRIL);
    expect(april.adjustments).toEqual(adjustedSince);
    expect(numberOf(april, 'gross_sales')).toMatchObject({
      days: 0,
      ofDays: '0.00',
      adjustments: '4.50',
      value: '4.50',
    });
    expect(numberOf(april, 'orders')).toMatchObject({ adjustments: '1', value: '1' });
    expect(numberOf(april, 'average_order_value')).toBeUndefined();
  });

  test('is posted for its slices too, also for one that the day did not have', async () => {
    await close(LAST, [first(LAST), late(LAST, '4.00', { channel: 'shop' }), late(LAST, '2.00')]);
    expect((await posted()).map(({ member, amount }) => [member, amount])).toEqual([
      ['', '6.00'],
      ['shop', '4.00'],
      ['web', '2.00'],
    ]);
  });

  test('is posted once, and only the difference when more comes or some of it goes', async () => {
    await close(LAST, [first(LAST), late(LAST, '4.00')]);
    await close(LAST, [first(LAST), late(LAST, '4.00')]);
    await sql`update business_day set lapsed_at = now() where client_id = ${client}`.execute(month.bench.db);
    await month.bench.close({ clientId: client, businessDate: LAST });
    await close(LAST, [first(LAST), late(LAST, '4.00'), late(LAST, '1.50')]);
    await close(LAST, [first(LAST)]);
    const totals = (await posted()).filter(({ member }) => member === '');
    expect(totals.map(({ amount, reason }) => [amount, reason])).toEqual([
      ['4.00', 'late_arrival'],
      ['1.50', 'late_arrival'],
      ['-5.50', 'source_revised'],
    ]);
    expect(numberOf(await shown(APRIL), 'gross_sales')).toMatchObject({ value: '0.00' });
  });

  test('goes past months that are closed themselves, to the first open one', async () => {
    for (let day = 1; day <= 30; day += 1) await close(`${APRIL}-${String(day).padStart(2, '0')}`, []);
    expect((await say('ada', 'close', APRIL)).status).toBe(200);
    await close(EVE, [first(EVE), late(EVE, '3.00')]);
    expect((await posted()).filter(({ member }) => member === '')).toMatchObject([
      { month: MAY, date: EVE, amount: '3.00' },
    ]);
    expect((await say('ben', 'lock', APRIL)).status).toBe(200);
  }, 120_000);

  test('of one store is posted for it in its currency, and for the client in the client’s', async () => {
    client = `${client}-stores`;
    const stores = ['east', 'west'].map((id) => ({
      id,
      timezone: 'America/New_York',
      currency: id === 'west' ? 'EUR' : 'USD',
    }));
    const rate = { from: 'EUR', to: 'USD', rate: '1.1', since: '2026-01-01', source: 'a rate of the test' };
    const sources = [orderSource('shop', { store: 'east' }), orderSource('west', { store: 'west' })];
    await apply({ stores, sources, currencyRates: [rate] });
    const west = (orders: readonly Order[]) => month.shop.orders(LAST, orders, 'west');
    await west([first(LAST)]);
    expect(await close(LAST, [first(LAST)])).toBe('published');
    await lockMonth();
    await west([first(LAST), late(LAST, '3.00')]);
    await month.bench.close({ clientId: client, businessDate: LAST });
    const { adjustments } = await shown(APRIL);
    const gross = adjustments.filter((one) => one.metric === 'gross_sales');
    expect(gross.map(({ store, amount, currency }) => [store, amount, currency])).toEqual([
      ['', '3.30', 'USD'],
      ['west', '3.00', 'EUR'],
    ]);
  });

  test('stands in the report of the open month, beside its days', async () => {
    await close(LAST, [first(LAST), late(LAST, '4.50')]);
    const mails = month.bench.mailbox.mails.length;
    await close(`${APRIL}-01`, [first(`${APRIL}-01`)]);
    const [report] = month.bench.mailbox.mails.slice(mails);
    expect(report!.text).toMatch(
      /ADJUSTMENTS TO EARLIER MONTHS[\s\S]*31 March 2026, Gross sales: late arrival\s+4\.50/,
    );
  });

  test('keeps the day settled: it is told in the audit trail, and nobody is asked', async () => {
    await close(LAST, [first(LAST), late(LAST, '4.00')]);
    const { rows } = await sql<{ status: string; lapsed: boolean; detail: object }>`
      select d.status, d.lapsed_at is not null as lapsed,
        (select e.record::jsonb->'detail' from audit_event e where e.client_id = d.client_id
          and e.business_date = d.business_date and e.record::jsonb->>'action' = 'day.published' order by e.sequence desc limit 1) as detail
      from business_day d where client_id = ${client} and business_date = ${LAST}`.execute(month.bench.db);
    expect(rows[0]).toMatchObject({
      status: 'published',
      lapsed: false,
      detail: { adjusted: { month: APRIL, metrics: expect.arrayContaining(['gross_sales', 'net_sales', 'orders']) } },
    });
  });

  test('does not publish a metric that the month was locked without; the day says so', async () => {
    await apply({ report: { metrics: ['gross_sales', 'taxes'] }, effectiveFrom: EVE });
    expect(await close(LAST, [first(LAST), late(LAST, '4.00', { tax: '1.00' })])).toBe('partially_published');
    expect(await posted('taxes')).toEqual([]);
    const { rows } = await sql<{ reason: string }>`
      select reason from withheld_number where client_id = ${client} and metric = 'taxes' and dimension = ''`.execute(
      month.bench.db,
    );
    expect(rows).toEqual([{ reason: 'month_locked' }]);
  });
});

describe('a day without a number in a locked month', () => {
  test('that is closed later is posted whole', async () => {
    expect(await close('2026-03-29', [late('2026-03-29', '7.00')])).toBe('partially_published');
    expect((await posted()).filter(({ member }) => member === '')).toMatchObject([
      { month: APRIL, date: '2026-03-29', amount: '7.00', reason: 'late_arrival' },
    ]);
    expect(await versionsOf('2026-03-29')).toEqual([]);
  });
});

describe('a month that is reopened', () => {
  const reopen = async () => {
    await say('ada', 'reopen');
    expect((await say('ben', 'reopen')).body.state).toBe('open');
  };

  test('has its changed days closed anew, and takes back what was posted about them', async () => {
    await close(LAST, [first(LAST), late(LAST, '4.00')]);
    await reopen();
    const opened = await shown(MARCH);
    expect(opened.checklist.find(({ item }) => item === 'changes')).toMatchObject({ status: 'blocked' });
    await month.bench.close({ clientId: client, businessDate: LAST });
    expect(await versionsOf(LAST)).toEqual(['1: 10.00', '2: 14.00']);
    expect((await posted()).filter(({ member }) => member === '').map((one) => [one.amount, one.reason])).toEqual([
      ['4.00', 'late_arrival'],
      ['-4.00', 'reopened'],
    ]);
    expect(numberOf(await shown(MARCH), 'gross_sales')).toMatchObject({ value: '24.00' });
    expect(numberOf(await shown(APRIL), 'gross_sales')).toMatchObject({ value: '0.00' });
    await lockMonth();
    expect(await shown(MARCH)).toMatchObject({ state: 'locked', locked: { lock: 2 } });
    await close(LAST, [first(LAST), late(LAST, '4.00'), late(LAST, '1.00')]);
    expect((await posted()).filter(({ member }) => member === '').at(-1)).toMatchObject({ amount: '1.00' });
  });

  test('keeps what was locked before it', async () => {
    await reopen();
    const { rows } = await sql<{ lock: number; numbers: number }>`
      select lock, (select count(*)::int from period_number n where n.client_id = l.client_id and n.month = l.month
        and n.lock = l.lock) as numbers from period_lock l where client_id = ${client}`.execute(month.bench.db);
    expect(rows).toEqual([{ lock: 1, numbers: (await shown(MARCH)).numbers.length }]);
  });
});

describe('a month that is soft-closed', () => {
  beforeEach(async () => {
    await say('ada', 'reopen');
    await say('ben', 'reopen');
    expect((await say('ada', 'close')).status).toBe(200);
  });

  test('is not revised by itself, within no tolerance', async () => {
    expect(await close(LAST, [first(LAST), late(LAST, '0.01')])).toBe('waiting');
    expect([await versionsOf(LAST), await posted()]).toEqual([['1: 10.00'], []]);
    const { rows } = await sql<{ message: string }>`
      select message from exception where client_id = ${client} and state = 'healing'`.execute(month.bench.db);
    expect(rows[0]!.message).toMatch(
      /^gross_sales is final at 10\.00 USD and would be revised to 10\.01 USD; 2026-03 is soft-closed, and nothing in it is revised by itself\./,
    );
    const refused = await say('ben', 'lock');
    expect(refused.body.problems!.map(({ path }) => path)).toEqual(expect.arrayContaining(['exceptions', 'changes']));
  });

  test('is revised by a planned revision, and then has to be looked at anew before it is locked', async () => {
    await month.shop.orders(LAST, [first(LAST), late(LAST, '4.00')]);
    await month.bench.close({ clientId: client, businessDate: LAST, cause: 'revise', actor: 'ada' });
    expect(await versionsOf(LAST)).toEqual(['1: 10.00', '2: 14.00']);
    const stale = await say('ben', 'lock');
    expect([stale.status, stale.body.problems!.map(({ path }) => path)]).toEqual([409, ['revisions']]);
    expect((await shown(MARCH)).revisions).toContainEqual(
      expect.objectContaining({ metric: 'gross_sales', old: '10.00', new: '14.00', by: 'ada', reason: 'late_arrival' }),
    );
    expect((await say('ada', 'close')).status).toBe(200);
    expect((await say('ben', 'lock')).body).toMatchObject({ state: 'locked' });
  });
});
