import { sql } from 'kysely';
import { addDays } from '../../domain/business-day.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const at = (date: string) => `${date}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const apply = (checks: Record<string, unknown>[], over: Record<string, unknown> = {}) =>
  bench.apply(shop.document({ client: { id: clientId }, checks, ...over }));
const close = (businessDate = DATE) => bench.close({ clientId, businessDate });
const sell = (date: string, ...amounts: string[]) =>
  shop.orders(
    date,
    amounts.map((amount, id) => ({ id: `${date}-${id}`, at: at(date), amount })),
  );

async function checks(date = DATE): Promise<Record<string, string>> {
  const { rows } = await sql<{ check_id: string; status: string; severity: string }>`
    select c.check_id, c.status, c.severity from check_result c join business_day d using (client_id, business_date, attempt)
    where c.client_id = ${clientId} and c.business_date = ${date} order by 1`.execute(bench.db);
  return Object.fromEntries(rows.map((row) => [row.check_id, `${row.status}/${row.severity}`]));
}
async function message(check: string): Promise<string> {
  const { rows } = await sql<{ message: string }>`
    select message from check_result where client_id = ${clientId} and check_id = ${check}
    order by business_date desc, attempt desc limit 1`.execute(bench.db);
  return rows[0]!.message;
}
async function openKinds(): Promise<string[]> {
  const { rows } = await sql<{ kind: string }>`
    select kind from exception where client_id = ${clientId} and state <> 'resolved' order by 1`.execute(bench.db);
  return rows.map((row) => row.kind);
}
async function publishedMetrics(): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select distinct metric from published_number where client_id = ${clientId} and business_date = ${DATE} order by 1`.execute(
    bench.db,
  );
  return rows.map((row) => row.metric);
}

describe('checks that count', () => {
  test('a source that did not answer is one finding, whatever else its absence breaks', async () => {
    await apply([{ id: 'arrived', kind: 'completeness', source: 'shop', minimumRecords: 1 }]);
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toMatchObject({ 'source:shop': 'failed/block', arrived: 'failed/warn' });
    expect(await openKinds()).toEqual(['source']);
  });

  test('a closed day forgives absence and nothing else', async () => {
    const calendar = { closedDates: [DATE] };
    await apply([{ id: 'arrived', kind: 'completeness', source: 'shop', minimumRecords: 2 }], { calendar });
    expect((await close()).status).toBe('published');
    expect(await checks()).toMatchObject({ 'source:shop': 'passed/block', arrived: 'passed/block' });
    await sell(DATE, '10.00');
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toMatchObject({ arrived: 'failed/block' });
  });

  test('completeness counts valid records of the business day', async () => {
    await apply([{ id: 'arrived', kind: 'completeness', source: 'shop', minimumRecords: 2 }]);
    await shop.orders(DATE, [
      { id: '1', at: at(DATE), amount: '1.00' },
      { id: '2', at: at(DATE), amount: '1.00', spoiled: true },
      { id: '3', at: at('2026-03-09'), amount: '1.00' },
    ]);
    await close();
    expect(await checks()).toMatchObject({ arrived: 'failed/block' });
    expect(await message('arrived')).toBe('shop has 1 valid records of the day, at least 2 are expected');
  });

  test('quarantine by share and by amount, either limit', async () => {
    await apply([
      { id: 'share', kind: 'quarantine', source: 'shop', maximumShare: '0.5' },
      {
        id: 'amount',
        kind: 'quarantine',
        source: 'shop',
        maximumShare: '0.5',
        maximumAmount: '4.99',
        severity: 'warn',
      },
      { id: 'both', kind: 'quarantine', source: 'shop', maximumShare: '0.4', maximumAmount: '5.00' },
    ]);
    await shop.orders(DATE, [
      { id: '1', at: at(DATE), amount: '1.00' },
      { id: '2', at: at(DATE), amount: '5.00', spoiled: true },
    ]);
    await close();
    expect(await checks()).toMatchObject({ share: 'passed/block', amount: 'failed/warn', both: 'failed/block' });
    expect(await message('both')).toContain('1 of 2 records of shop are in quarantine, 5.00 in suspense');
    expect(await openKinds()).toEqual(['quarantine']);
  });

  test('duplicates: none, unless a share is given', async () => {
    await apply([
      { id: 'none', kind: 'duplicates', source: 'shop' },
      { id: 'some', kind: 'duplicates', source: 'shop', maximumShare: '0.5' },
    ]);
    const order = { id: '1', at: at(DATE), amount: '1.00' };
    await shop.orders(DATE, [order, order]);
    await close();
    expect(await checks()).toMatchObject({ none: 'failed/block', some: 'passed/block' });
  });

  test('drift against the fields seen last warns by itself, and blocks where it is listed', async () => {
    await apply([]);
    await sell('2026-03-09', '1.00');
    await close('2026-03-09');
    await shop.orders(DATE, [{ id: '1', at: at(DATE), amount: '1.00', channel: 'web' }]);
    expect((await close()).status).toBe('published');
    expect(await checks('2026-03-09')).toMatchObject({ 'drift:shop': 'learning/warn' });
    expect(await checks()).toMatchObject({ 'drift:shop': 'failed/warn' });
    expect(await message('drift:shop')).toBe('the fields of shop changed; new: channel');
    await apply([{ id: 'fields', kind: 'drift', source: 'shop' }], { effectiveFrom: '2026-01-01' });
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toEqual({ fields: 'failed/block', 'source:shop': 'passed/block' });
    expect(await publishedMetrics()).not.toEqual([]);
  });
});

describe('checks of rows', () => {
  test('judge the day’s valid records in CEL and keep those that fail', async () => {
    await apply([
      { id: 'positive', kind: 'row', source: 'shop', expect: 'row.amount > 0.0' },
      {
        id: 'web-is-small',
        kind: 'row',
        source: 'shop',
        where: { channel: ['web'] },
        when: 'row.id != "9"',
        expect: 'row.amount < 5.0',
        severity: 'warn',
      },
    ]);
    await shop.orders(DATE, [
      { id: '1', at: at(DATE), amount: '10.00', channel: 'web' },
      { id: '2', at: at(DATE), amount: '0.00', channel: 'phone' },
      { id: '3', at: at(DATE), amount: '0.00', spoiled: true },
      { id: '9', at: at(DATE), amount: '99.00', channel: 'web' },
    ]);
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toMatchObject({ positive: 'failed/block', 'web-is-small': 'failed/warn' });
    expect(await message('positive')).toContain(
      `1 of 3 records of shop do not meet row.amount > 0.0: shop-${DATE}.ndjson line 2`,
    );
    const { rows } = await sql<{ check_id: string; business_key: string }>`
      select f.check_id, r.business_key from check_failure f join raw_event r using (raw_event_id)
      where f.client_id = ${clientId} order by 1`.execute(bench.db);
    expect(rows).toEqual([
      { check_id: 'positive', business_key: '2' },
      { check_id: 'web-is-small', business_key: '1' },
    ]);
  });
});

describe('checks of numbers', () => {
  test('a broken safety bound parks the client: nothing goes out until a person has looked', async () => {
    await apply([{ id: 'bound', kind: 'safety_bound', metric: 'orders', maximum: '1' }], {
      sources: [
        orderSource(),
        orderSource('ads', {
          mapping: {
            key: ['id'],
            occurredAt: { field: 'at' },
            book: 'marketing',
            entries: [{ is: 'spend', amount: ['amount'] }],
          },
        }),
      ],
      report: { metrics: ['gross_sales', 'orders', 'ad_spend'] },
    });
    await sell(DATE, '1.00', '2.00');
    await shop.orders(DATE, [{ id: '1', at: at(DATE), amount: '3.00' }], 'ads');
    expect((await close()).status).toBe('waiting');
    expect(await publishedMetrics()).toEqual([]);
    expect(await openKinds()).toEqual(['safety_bound']);
    expect(bench.mailbox.mails.filter((mail) => mail.headers.get('x-meshline-client') === clientId)).toEqual([]);
  });

  test('a change is bounded against the same weekday before, and learns until there is one', async () => {
    await apply([{ id: 'change', kind: 'safety_bound', metric: 'gross_sales', maximumChange: { percent: '50' } }]);
    const before = addDays(DATE, -7);
    await sell(before, '100.00');
    await close(before);
    expect(await checks(before)).toMatchObject({ change: 'learning/block' });
    await sell(DATE, '151.00');
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toMatchObject({ change: 'failed/block' });
    await sell(DATE, '149.00');
    expect((await close()).status).toBe('published');
  });

  test('an anomaly is judged by the published numbers of its weekday, and a small change is never one', async () => {
    const anomaly = { kind: 'anomaly', metric: 'gross_sales', minimumHistory: 3 };
    await apply([
      { id: 'unusual', ...anomaly },
      { id: 'guarded', ...anomaly, ignoreBelow: '500.00' },
    ]);
    const weeks = [-21, -14, -7].map((days) => addDays(DATE, days));
    for (const [at, date] of weeks.entries()) {
      await sell(date, `${1000 + at}.00`);
      await close(date);
      expect(await checks(date)).toMatchObject({ unusual: 'learning/block', guarded: 'learning/block' });
    }
    // Mondays are far from Tuesdays and say nothing about them.
    await sell(addDays(DATE, -1), '90.00');
    await close(addDays(DATE, -1));
    await sell(DATE, '1090.00');
    await close();
    expect(await checks()).toMatchObject({ unusual: 'passed/block', guarded: 'passed/block' });
    await sell(DATE, '1400.00');
    expect((await close()).status).toBe('waiting');
    expect(await checks()).toMatchObject({ unusual: 'failed/block', guarded: 'passed/block' });
  });
});
