import { sql } from 'kysely';
import type { CloseInput } from '../../domain/close.ts';
import type { Verb } from '../../domain/exception/decision.ts';
import { currentNumbers } from '../../infra/postgres/report/numbers.ts';
import type { CloseBench } from '../support/close-day.ts';
import { onShopBench } from '../support/shop-bench.ts';
import { fileControl, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const noon = `${DATE}T16:00:00Z`;

type Seen = {
  exception_id: string;
  state: string;
  version: number;
  resolution: string | null;
  difference: string | null;
};

let bench: CloseBench;
let shop: SmallShop;
let decisions = 0;
let clientId = '';
onShopBench((own) => {
  ({ bench, shop, clientId } = own);
});
beforeEach(async () => {
  await bench.apply(
    shop.document({
      client: { id: clientId },
      controls: [fileControl('gross_sales')],
      report: { metrics: ['gross_sales', 'net_sales', 'orders'] },
    }),
  );
  await shop.totals([`${DATE},11.00,`]);
});

const sell = (amount: string) => shop.orders(DATE, [{ id: '1', at: noon, amount }]);
const close = (beginsAt: 'capture' | 'reconcile' = 'capture') =>
  bench.close({ clientId, businessDate: DATE, beginsAt });

async function exception(): Promise<Seen> {
  const { rows } = await sql<Seen>`
    select exception_id, state, version, resolution, (difference_micros / 1000000.0)::numeric(12,2)::text as difference
    from exception where client_id = ${clientId}`.execute(bench.db);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

/** Asks the owner, who answers. */
async function decide(verb: Verb) {
  const { exception_id: exceptionId, state, version } = await exception();
  if (state === 'healing') await bench.run(() => bench.activities.askOwner(exceptionId));
  decisions += 1;
  const decision = { decisionId: `d-${decisions}`, verb, args: {}, reason: 'checked', actor: 'ada', onBehalfOf: null };
  return bench.run(() =>
    bench.activities.recordDecision({ ...decision, exceptionId, expectedVersion: version, via: 'api' }),
  );
}

const certificateOf = async (metric: string) =>
  (await currentNumbers(bench.db, clientId, DATE)).find((one) => one.metric === metric && one.dimension === '')
    ?.certificate;
const outcomes = async () => {
  const { rows } = await sql<{ outcome: string }>`
    select outcome from decision where client_id = ${clientId} order by decided_at`.execute(bench.db);
  return rows.map((row) => row.outcome);
};

describe('an exception', () => {
  test('is the same one when the same cause is found again, and resolves by itself when it no longer is', async () => {
    await sell('10.00');
    expect((await close()).status).toBe('waiting');
    const first = await exception();
    expect(first).toMatchObject({ state: 'healing', version: 1, difference: '-1.00' });
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toEqual(first);
    await sell('11.00');
    expect((await close()).status).toBe('published');
    expect(await exception()).toMatchObject({
      exception_id: first.exception_id,
      state: 'resolved',
      resolution: 'no longer found',
    });
    expect(bench.told).toContainEqual({ exceptionId: first.exception_id, attempt: 3 });
    await sell('10.00');
    await close();
    expect(await exception()).toMatchObject({
      exception_id: first.exception_id,
      state: 'healing',
      version: 3,
      resolution: null,
    });
  });

  test('names what it withholds', async () => {
    await sell('10.00');
    await close();
    const { rows } = await sql<{ withheld: string[] }>`
      select withheld from exception where client_id = ${clientId}`.execute(bench.db);
    expect(rows[0]!.withheld.sort()).toEqual(['discounts', 'gross_sales', 'net_sales', 'orders', 'sales_reversals']);
    expect(await certificateOf('gross_sales')).toBeUndefined();
  });

  test('once accepted qualifies its numbers for good', async () => {
    await sell('10.00');
    await close();
    expect(await decide('approve')).toMatchObject({ accepted: true });
    expect(await close('reconcile')).toMatchObject({ attempt: 2, status: 'published' });
    expect(await exception()).toMatchObject({ state: 'resolved', resolution: 'accepted' });
    expect(await certificateOf('gross_sales')).toBe('qualified');
    expect(await certificateOf('orders')).toBe('qualified');
    expect(await outcomes()).toEqual(['used']);
    expect(await close()).toMatchObject({ how: 'unchanged', status: 'published' });
  });

  test('reopens where the attempt finds another difference than was accepted: the decision is spent', async () => {
    await sell('10.00');
    await close();
    await decide('approve');
    const accepted = await exception();
    await shop.totals([`${DATE},12.00,`]);
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({
      state: 'awaiting_decision',
      version: accepted.version + 1,
      difference: '-2.00',
    });
    expect(await outcomes()).toEqual(['spent']);
    expect(await certificateOf('gross_sales')).toBeUndefined();
  });

  test('a changed input is another version, also where the difference is the same', async () => {
    await sell('10.00');
    await close();
    const { version } = await exception();
    await sell('9.00');
    await shop.totals([`${DATE},10.00,`]);
    await close();
    expect(await exception()).toMatchObject({ version: version + 1, difference: '-1.00' });
  });

  test('rejected ends the day so, until someone runs it anew', async () => {
    await sell('10.00');
    await close();
    await decide('reject');
    const { rows } = await sql`select status from business_day where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toEqual([{ status: 'rejected' }]);
    expect((await close()).status).toBe('waiting');
    expect(await exception()).toMatchObject({ state: 'healing' });
    await decide('reject');
    await sell('11.00');
    expect((await close()).status).toBe('published');
    expect(await exception()).toMatchObject({ state: 'resolved' });
  });
});

describe('how an attempt ends', () => {
  test('the day runs on while re-runs remain', async () => {
    await bench.apply(
      shop.document({
        client: { id: clientId },
        effectiveFrom: '2026-01-01',
        controls: [fileControl('gross_sales')],
        exceptions: {
          retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
          rerun: { attempts: 1, delay: '1s' },
          decideWithin: '4h',
          escalateTo: 'ben',
        },
      }),
    );
    await sell('10.00');
    expect((await close()).status).toBe('running');
    const mails = bench.mailbox.mails.filter((mail) => mail.headers.get('x-meshline-client') === clientId);
    expect(mails).toEqual([]);
    const { exception_id: exceptionId } = await exception();
    await bench.run(() => bench.activities.startRerun({ exceptionId, reruns: 0, after: 1 }));
    expect((await close()).status).toBe('waiting');
  });

  test('a re-run begins where the model says, and one of a sibling that begins earlier serves as well', async () => {
    const started: CloseInput[] = [];
    const { createStartRerun } = await import('../../activities/review/start-rerun.ts');
    const engine = { ...bench.deps.engine, startOwnClose: async (input: CloseInput) => started.push(input) > 0 };
    const startRerun = createStartRerun({ ...bench.deps, engine });
    const rerun = { attempts: 2, delay: '1s', from: 'normalize' };
    await bench.apply(
      shop.document({
        client: { id: clientId },
        effectiveFrom: '2026-01-01',
        controls: [fileControl('gross_sales')],
        exceptions: {
          retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
          rerun,
          decideWithin: '4h',
          escalateTo: 'ben',
        },
      }),
    );
    await sell('10.00');
    await close();
    const { exception_id: exceptionId } = await exception();
    await bench.run(() => startRerun({ exceptionId, reruns: 0, after: 1 }));
    expect(started).toMatchObject([{ beginsAt: 'normalize', cause: 'rerun' }]);
    await close();
    await bench.run(() => startRerun({ exceptionId, reruns: 1, after: 1 }));
    expect(started).toHaveLength(1);
  });

  test('a failed attempt leaves a settled day as it was, and a new day failed', async () => {
    const broken = { before: { enrichDay: () => Promise.reject(new Error('the disk is full')) } };
    await sell('11.00');
    const wish = { clientId, businessDate: DATE };
    await expect(bench.close({ ...wish, ...broken })).rejects.toThrow('the disk is full');
    const open = { clientId, businessDate: DATE, before: null };
    const fail = (attempt: number, before: 'published' | null) =>
      bench.run(() =>
        bench.activities.finishAttempt({ ...open, attempt, before }, { how: 'failed', error: 'the disk is full' }),
      );
    expect(await fail(1, null)).toBe('failed');
    expect((await close()).status).toBe('published');
    await sell('12.00');
    await expect(bench.close({ ...wish, ...broken })).rejects.toThrow('the disk is full');
    expect(await fail(3, 'published')).toBe('published');
    const { rows } = await sql`
      select attempt, status, error from attempt where client_id = ${clientId} order by attempt`.execute(bench.db);
    expect(rows).toEqual([
      { attempt: 1, status: 'failed', error: 'the disk is full' },
      { attempt: 2, status: 'published', error: null },
      { attempt: 3, status: 'failed', error: 'the disk is full' },
    ]);
  });
});
