import { sql } from 'kysely';
import type { CloseCause } from '../../domain/close.ts';
import { certificateWords } from '../../domain/publish/certificate-words.ts';
import { loadModel } from '../../infra/postgres/model.ts';
import { dayCertificates } from '../../infra/postgres/report/certificates.ts';
import { currentNumbers } from '../../infra/postgres/report/numbers.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, orderSource, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const LATER = '2026-03-15';
const noon = (date: string) => `${date}T16:00:00Z`;
/** As long as windows can be: the day is provisional today. */
const PROVISIONAL = { sources: [orderSource('shop', { settlingDays: 400 })] };

let bench: CloseBench;
let shop: SmallShop;
let clientId = '';
let decisions = 0;
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});

const apply = (over: Record<string, unknown> = {}) => bench.apply(shop.document({ ...over, client: { id: clientId } }));
const close = (
  cause: CloseCause = 'manual',
  businessDate = DATE,
  beginsAt: 'capture' | 'normalize' | 'reconcile' = 'capture',
) => bench.close({ clientId, businessDate, cause, beginsAt });
const order = (id: string, amount: string, more: object = {}) => ({ id, at: noon(DATE), amount, ...more });
const within = (tolerance: object, more: object = {}) => ({ revisions: { metrics: { '*': { tolerance } }, ...more } });

type Version = { version: number; value: string | null; reason: string | null; basis: string; certificate: string };

/** Every version of a number, with its own certificate as it stands. */
async function versions(metric = 'gross_sales', date = DATE): Promise<Version[]> {
  const { rows } = await sql<Version>`
    select n.version, (n.value_micros / 1000000.0)::numeric(12,2)::text as value, n.reason, n.basis,
      case when c.lapsed_at is null then c.state else 'lapsed' end as certificate
    from published_number n join certificate c using (certificate_id)
    where n.client_id = ${clientId} and n.business_date = ${date} and n.metric = ${metric} and n.dimension = ''
    order by n.version`.execute(bench.db);
  return rows;
}

type Found = {
  exception_id: string;
  kind: string;
  state: string;
  version: number;
  metric: string;
  message: string;
  difference: string;
};
async function exception(): Promise<Found> {
  const { rows } = await sql<Found>`
    select exception_id, kind, state, version, metric, message, (difference_micros / 1000000.0)::numeric(12,2)::text as difference
    from exception where client_id = ${clientId}`.execute(bench.db);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

async function decide(verb: 'approve' | 'reject') {
  const { exception_id: exceptionId, version } = await exception();
  await bench.run(() => bench.activities.askOwner(exceptionId));
  decisions += 1;
  const said = {
    decisionId: `r-${decisions}`,
    verb,
    args: {},
    reason: 'the refund is real',
    actor: 'ada',
    onBehalfOf: null,
  };
  const answer = await bench.run(() =>
    bench.activities.recordDecision({ ...said, exceptionId, expectedVersion: version, via: 'api' }),
  );
  expect(answer.accepted).toBe(true);
}

/** What the present certificate of a metric says. */
async function certificate(metric = 'gross_sales', title = 'Gross sales'): Promise<string> {
  const [own] = (await dayCertificates(bench.db, clientId, DATE)).filter((one) => one.metric === metric);
  const { document: model } = await loadModel(bench.db, clientId, own!.modelVersion);
  return certificateWords({ model, metric: { title }, businessDate: DATE }, own!);
}

test('a number of a metric that the operating model has no more stays, and says so once an input has changed', async () => {
  await apply({ ...PROVISIONAL, report: { metrics: ['gross_sales', 'orders'] } });
  await shop.orders(DATE, [order('1', '10.00')]);
  await close();
  await apply({ ...PROVISIONAL, report: { metrics: ['gross_sales'] }, effectiveFrom: DATE });
  await close();
  expect(await certificate('orders', 'Orders')).toBe('nothing to compare with');
  await shop.orders(DATE, [order('1', '10.00'), order('2', '5.00')]);
  expect((await close()).status).toBe('published');
  expect(await versions()).toHaveLength(2);
  expect(await versions('orders')).toHaveLength(1);
  expect(await certificate('orders', 'Orders')).toBe(
    'no longer computed, it stays as it was published; before that nothing to compare with',
  );
  const { rows } = await sql<{ dropped: string[] }>`
    select record::jsonb->'detail'->'dropped' as dropped from audit_event
    where client_id = ${clientId} and record::jsonb->>'action' = 'day.published' order by sequence desc limit 1`.execute(
    bench.db,
  );
  expect(rows).toEqual([{ dropped: ['orders'] }]);
});

describe('a provisional number', () => {
  test('is revised by itself, also by much: more records are a late arrival, changed ones revised by the source', async () => {
    await apply(PROVISIONAL);
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00'), order('2', '90.00')]);
    expect((await close()).status).toBe('published');
    await shop.orders(DATE, [order('1', '10.00'), order('2', '80.00')]);
    await close();
    expect(await versions()).toEqual([
      { version: 1, value: '10.00', reason: null, basis: 'first', certificate: 'lapsed' },
      { version: 2, value: '100.00', reason: 'late_arrival', basis: 'provisional', certificate: 'lapsed' },
      { version: 3, value: '90.00', reason: 'source_revised', basis: 'provisional', certificate: 'unreconciled' },
    ]);
    const numbers = await currentNumbers(bench.db, clientId, DATE);
    expect(numbers.find((one) => one.metric === 'gross_sales')).toMatchObject({ finality: 'provisional' });
  });

  test('whose window has ended is final without a new version', async () => {
    await apply(PROVISIONAL);
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await sql`update published_number set final_at = now() - interval '1 second' where client_id = ${clientId}`.execute(
      bench.db,
    );
    const [number] = await currentNumbers(bench.db, clientId, DATE);
    expect(number).toMatchObject({ version: 1, finality: 'final' });
  });

  test('a metric may settle later than its sources', async () => {
    await apply({ revisions: { metrics: { net_sales: { settlingDays: 400 } } } });
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    const numbers = await currentNumbers(bench.db, clientId, DATE);
    const finality = Object.fromEntries(
      numbers.filter((one) => one.dimension === '').map((one) => [one.metric, one.finality]),
    );
    expect(finality).toMatchObject({ net_sales: 'provisional', gross_sales: 'final' });
  });
});

describe('a final number', () => {
  test('is revised by itself within its tolerance, and small changes are counted together', async () => {
    await apply(within({ absolute: '1.00' }));
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.60')]);
    expect((await close()).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({
      version: 2,
      value: '10.60',
      basis: 'tolerance',
      reason: 'source_revised',
    });
    await shop.orders(DATE, [order('1', '11.20')]);
    expect((await close()).status).toBe('waiting');
    expect((await versions()).at(-1)).toMatchObject({ version: 2, value: '10.60', certificate: 'lapsed' });
    expect(await exception()).toMatchObject({ kind: 'revision', metric: 'gross_sales', difference: '0.60' });
  });

  test('of a slice waits for a person where the total that it is part of stands', async () => {
    await apply({ report: { slices: ['desk'] } });
    await shop.orders(DATE, [order('1', '100.00', { channel: 'web' })]);
    await close();
    await shop.orders(DATE, [order('1', '100.00', { channel: 'kiosk' })]);
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({
      kind: 'revision',
      message: expect.stringContaining(
        'gross_sales of desk web is final at 100.00 USD and would be revised to 0.00 USD',
      ),
    });
  });

  test('that is a ratio waits for a person where it is defined anew, although its parts stand', async () => {
    const basket = (version: number, denominator: string) => ({
      metrics: [{ id: 'basket', title: 'Basket', version, ratio: { numerator: 'net_sales', denominator } }],
      report: { metrics: ['net_sales', 'basket'] },
    });
    await apply(basket(1, 'orders'));
    await shop.orders(DATE, [order('1', '10.00'), order('2', '5.00')]);
    await close();
    await apply({ ...basket(2, 'gross_sales'), effectiveFrom: DATE });
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({ kind: 'revision', metric: 'basket' });
  });

  test('that is a ratio waits with a part that is defined anew, and changes for its reason', async () => {
    const share = (version: number, kind: string) => ({
      metrics: [
        { id: 'big', title: 'Big', version, sum: { kinds: [kind] } },
        { id: 'share', title: 'Share', version: 1, ratio: { numerator: 'big', denominator: 'orders' } },
      ],
      report: { metrics: ['net_sales', 'big', 'share'] },
    });
    await apply(share(1, 'gross_sales'));
    await shop.orders(DATE, [order('1', '10.00'), order('2', '6.00')]);
    await close();
    await apply({ ...share(2, 'duty'), effectiveFrom: DATE });
    expect((await close()).status).toBe('waiting');
    expect(await versions('share')).toHaveLength(1);
    await decide('approve');
    await close('decision', DATE, 'reconcile');
    expect((await versions('share')).at(-1)).toMatchObject({ version: 2, value: '0.00', reason: 'definition_change' });
  });

  test('is told in amounts as a person reads them', async () => {
    await apply(within({ absolute: '1.00' }));
    await shop.orders(DATE, [order('1', '1553.57')]);
    await close();
    await shop.orders(DATE, [order('1', '12345.67')]);
    await close();
    expect((await exception()).message).toContain('final at 1,553.57 USD and would be revised to 12,345.67 USD,');
  });

  test('beyond it waits for a person, with every number of the same source; accepted, it is the next version', async () => {
    await apply(within({ absolute: '1.00' }));
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00'), order('2', '25.00', { refund: '5.00' })]);
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({
      kind: 'revision',
      message:
        'gross_sales is final at 10.00 USD and would be revised to 35.00 USD, which is beyond its tolerance. With it change net_sales, orders, average_order_value, sales_reversals.',
    });
    expect(await versions('orders')).toEqual([
      { version: 1, value: '1.00', reason: null, basis: 'first', certificate: 'lapsed' },
    ]);
    await decide('approve');
    expect((await close('decision', DATE, 'reconcile')).status).toBe('published');
    expect(await versions()).toEqual([
      { version: 1, value: '10.00', reason: null, basis: 'first', certificate: 'lapsed' },
      { version: 2, value: '35.00', reason: 'late_arrival', basis: 'decision', certificate: 'unreconciled' },
    ]);
    expect((await versions('net_sales')).at(-1)).toMatchObject({ version: 2, value: '30.00' });
    expect(await exception()).toMatchObject({ state: 'resolved' });
  });

  test('is not revised by an acceptance of another change than the one seen', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '20.00')]);
    await close();
    await decide('approve');
    await shop.orders(DATE, [order('1', '30.00')]);
    expect((await close('decision')).status).toBe('waiting');
    expect(await versions()).toHaveLength(1);
  });

  describe('that a person keeps by rejecting the change', () => {
    const keep = async () => {
      await apply();
      await shop.orders(DATE, [order('1', '10.00')]);
      await close();
      await shop.orders(DATE, [order('1', '20.00')]);
      await close();
      await decide('reject');
      return close('decision', DATE, 'reconcile');
    };
    const days = async () =>
      (await sql`select status, lapsed_at from business_day where client_id = ${clientId}`.execute(bench.db)).rows;

    test('stays as it was published, and its certificate says against what', async () => {
      expect((await keep()).status).toBe('published');
      expect(await days()).toEqual([{ status: 'published', lapsed_at: null }]);
      expect(await versions()).toMatchObject([{ version: 1, value: '10.00' }]);
      expect(await certificate()).toBe('kept against a later change of +10.00 USD by Ada Lind: the refund is real');
      expect(await certificate('average_order_value', 'Average order value')).toMatch(/change of \+10\.00 USD by Ada/);
      expect(await exception()).toMatchObject({ state: 'resolved' });
    });

    test('is recomputed to what was published, and lapses with the next change, which asks anew', async () => {
      await keep();
      const [own] = (await dayCertificates(bench.db, clientId, DATE)).filter((one) => one.metric === 'gross_sales');
      const { rows } = await sql<{ files: number }>`
        select count(*)::int as files from certificate_batch where certificate_id = ${own!.certificateId}`.execute(
        bench.db,
      );
      expect(rows).toEqual([{ files: 1 }]);
      expect((await close()).how).toBe('unchanged');
      await shop.orders(DATE, [order('1', '30.00')]);
      expect((await close()).status).toBe('waiting');
      expect(await certificate()).toMatch(/^changed since: .*; before that kept against/);
      expect(await exception()).toMatchObject({ difference: '20.00' });
    });

    test('is revised after all by a planned revision', async () => {
      await keep();
      await close('revise');
      expect((await versions()).at(-1)).toMatchObject({ version: 2, value: '20.00', basis: 'planned' });
    });
  });

  test('waits for nobody where the change is gone again', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '20.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00')]);
    expect((await close()).status).toBe('published');
    expect(await exception()).toMatchObject({ state: 'resolved' });
    expect(await versions()).toMatchObject([{ version: 1, value: '10.00' }]);
  });

  test('is revised without a further decision where the revision was planned', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '20.00')]);
    expect((await close('revise')).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({
      version: 2,
      value: '20.00',
      basis: 'planned',
      reason: 'source_revised',
    });
  });

  test('a finding over it is decided first: nothing is revised under a difference', async () => {
    await apply({ controls: [fileControl('gross_sales')], ...within({ absolute: '100.00' }) });
    await shop.orders(DATE, [order('1', '10.00')]);
    await shop.totals([`${DATE},10.00,`]);
    await close();
    await shop.orders(DATE, [order('1', '20.00')]);
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({ kind: 'control_difference' });
    expect(await versions()).toMatchObject([{ version: 1, certificate: 'lapsed' }]);
    await shop.totals([`${DATE},20.00,`]);
    expect((await close()).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({
      version: 2,
      value: '20.00',
      certificate: 'reconciled',
      basis: 'tolerance',
    });
  });

  test('an accepted difference revises what it withheld', async () => {
    await apply({ controls: [fileControl('gross_sales')] });
    await shop.orders(DATE, [order('1', '10.00')]);
    await shop.totals([`${DATE},10.00,`]);
    await close();
    await shop.orders(DATE, [order('1', '20.00')]);
    await close();
    await decide('approve');
    expect((await close('decision', DATE, 'reconcile')).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({
      version: 2,
      value: '20.00',
      basis: 'decision',
      certificate: 'qualified',
    });
  });

  test('that means something else by a later model is a change of its definition', async () => {
    await apply(PROVISIONAL);
    await shop.orders(DATE, [order('1', '10.00', { tax: '2.00' })]);
    await close();
    const base = orderSource('shop', { settlingDays: 400 });
    const summed = { ...(base.mapping as object), entries: [{ is: 'gross_sales', amount: ['tax'] }] };
    await apply({ sources: [{ ...base, mapping: summed }], effectiveFrom: DATE });
    await close();
    expect((await versions()).at(-1)).toMatchObject({ version: 2, value: '2.00', reason: 'definition_change' });
  });
});

type Suggested = {
  kind: string;
  preview: { metrics: { metric: string; before: string; after: string }[] };
  rank: number;
};

/** What is suggested about the only exception, the best first. */
async function suggestions(): Promise<Suggested[]> {
  const { exception_id: id } = await exception();
  await bench.run(() => bench.activities.suggestFixes(id));
  const { rows } = await sql<Suggested>`
    select fix->>'kind' as kind, preview, rank from suggested_fix where client_id = ${clientId} and rank is not null order by rank`.execute(
    bench.db,
  );
  return rows;
}

describe('what is suggested about a change to a final number', () => {
  test('is to publish it, with what is published before and what would be after', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00'), order('2', '15.00')]);
    await close();
    const found = await suggestions();
    expect(found.map((one) => one.kind)).toEqual(['accept_difference']);
    expect(found[0]!.preview.metrics).toContainEqual({ metric: 'gross_sales', before: '10.00', after: '25.00' });
  });

  test('is no slip of the point: one late record is all of the change', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00'), order('2', '3.00')]);
    await close();
    expect((await suggestions()).map((one) => one.kind)).toEqual(['accept_difference']);
  });

  test('is to read the source again first, where it says by now what is published', async () => {
    await apply();
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(DATE, [order('1', '99.00')]);
    await close();
    await shop.orders(DATE, [order('1', '10.00')]);
    const found = await suggestions();
    expect(found.map((one) => one.kind)).toEqual(['recapture', 'accept_difference']);
    expect(found[0]!.preview.metrics).toContainEqual({ metric: 'gross_sales', before: '99.00', after: '10.00' });
  });
});

describe('a record that comes late, in the file of another day', () => {
  test('lapses the day’s certificates in its own transaction, and makes the next version', async () => {
    await apply(within({ absolute: '100.00' }));
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(LATER, [{ id: '7', at: noon(LATER), amount: '5.00' }, order('2', '30.00')]);
    await close('manual', LATER);
    expect(await versions()).toMatchObject([{ version: 1, value: '10.00', certificate: 'lapsed' }]);
    expect((await close('late_data', DATE, 'normalize')).status).toBe('published');
    expect(await versions()).toEqual([
      { version: 1, value: '10.00', reason: null, basis: 'first', certificate: 'lapsed' },
      { version: 2, value: '40.00', reason: 'late_arrival', basis: 'tolerance', certificate: 'unreconciled' },
    ]);
    expect(await versions('gross_sales', LATER)).toMatchObject([{ version: 1, value: '5.00' }]);
  });

  test('has a day that waits for a person closed anew, which finds itself mended', async () => {
    await apply({ controls: [fileControl('gross_sales')] });
    await shop.write('platform.csv', `day,total\n${DATE},40.00\n`);
    await shop.orders(DATE, [order('1', '10.00')]);
    expect((await close()).status).toBe('waiting');
    const planned = () => bench.run(() => bench.activities.planRevisions(clientId));
    expect(await planned()).toEqual([]);
    await shop.orders(LATER, [{ id: '7', at: noon(LATER), amount: '5.00' }, order('2', '30.00')]);
    await close('manual', LATER);
    expect(await planned()).toEqual([{ businessDate: DATE, beginsAt: 'normalize' }]);
    expect((await close('late_data', DATE, 'normalize')).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({ version: 1, value: '40.00', certificate: 'reconciled' });
    expect(await planned()).toEqual([]);
  });

  test('leaves a day that waits alone once an attempt has looked at what is there', async () => {
    await apply({ controls: [fileControl('gross_sales')] });
    await shop.write('platform.csv', `day,total\n${DATE},99.00\n`);
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.orders(LATER, [{ id: '7', at: noon(LATER), amount: '5.00' }, order('2', '30.00')]);
    await close('manual', LATER);
    expect((await close('late_data', DATE, 'normalize')).status).toBe('waiting');
    expect(await bench.run(() => bench.activities.planRevisions(clientId))).toEqual([]);
  });

  test('is found although the day’s own file is gone by then', async () => {
    await apply(within({ absolute: '100.00' }));
    await shop.orders(DATE, [order('1', '10.00')]);
    await close();
    await shop.removeFile(`shop-${DATE}.ndjson`);
    await shop.orders(LATER, [order('2', '30.00')]);
    await close('manual', LATER);
    expect((await close('late_data', DATE, 'normalize')).status).toBe('published');
    expect((await versions()).at(-1)).toMatchObject({ version: 2, value: '40.00' });
  });
});
