import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createActivities } from '../../activities/index.ts';
import { createPassHandoffDeadlines } from '../../activities/installation/pass-handoff-deadlines.ts';
import type { HandoffKind } from '../../domain/handoff/table.ts';
import { verifyAudit } from '../../infra/postgres/audit.ts';
import { handoffsOfDay } from '../../infra/postgres/read/handoffs.ts';
import { reply, startMailbox } from '../infra/mail/mailbox.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { fileControl, openSmallShop, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';

let bench: CloseBench;
let shop: SmallShop;
let clients = 0;
let clientId = '';
beforeAll(async () => {
  bench = await startCloseBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await openSmallShop();
  clients += 1;
  clientId = `shop-${clients}`;
});
afterEach(async () => {
  const { problems } = await verifyAudit(bench.db, bench.deps.secrets.auditKey, clientId);
  expect(problems).toEqual([]);
  await shop.remove();
});

const apply = (over: Record<string, unknown> = {}) => bench.apply(shop.document({ client: { id: clientId }, ...over }));
const close = (more: Partial<Parameters<CloseBench['close']>[0]> = {}) =>
  bench.close({ clientId, businessDate: DATE, ...more });
const sell = (more = {}) => shop.orders(DATE, [{ id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00', ...more }]);
const mails = () => bench.mailbox.mails.filter((mail) => mail.headers.get('x-meshline-client') === clientId);
const passDeadlines = () => bench.run(() => createPassHandoffDeadlines(bench.deps)());

async function handoff(kind: HandoffKind) {
  const rows = (await handoffsOfDay(bench.db, clientId, DATE)).filter((one) => one.kind === kind);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

async function exceptions() {
  const { rows } = await sql<{ exception_id: string; kind: string; state: string; owner: string; withheld: string[] }>`
    select exception_id, kind, state, owner, withheld from exception where client_id = ${clientId} order by kind`.execute(
    bench.db,
  );
  return rows;
}

async function dueAt(kind: HandoffKind, deadline: Date): Promise<void> {
  await sql`update handoff set deadline = ${deadline} where client_id = ${clientId} and kind = ${kind}`.execute(
    bench.db,
  );
}
const ago = () => new Date(Date.now() - 60_000);

const decide = async (verb: 'rerun' | 'approve' | 'claim' | 'reject', exceptionId: string) => {
  const { rows } = await sql<{ version: number }>`
    select version from exception where exception_id = ${exceptionId}`.execute(bench.db);
  return bench.run(() =>
    bench.activities.recordDecision({
      exceptionId,
      decisionId: `${verb}-${exceptionId}-${rows[0]!.version}`,
      verb,
      args: {},
      reason: 'seen',
      actor: 'ada',
      onBehalfOf: null,
      expectedVersion: rows[0]!.version,
      via: 'api',
    }),
  );
};

describe('a source hands its file to the close', () => {
  test('in time, and the attempt that normalized it acknowledges it with what broke the schema', async () => {
    await apply({ checks: [{ id: 'bad', kind: 'quarantine', source: 'shop', maximumShare: '0.9' }] });
    await shop.orders(DATE, [
      { id: '1', at: `${DATE}T16:00:00Z`, amount: '10.00' },
      { id: '2', at: `${DATE}T16:00:00Z`, amount: '5.25', spoiled: true },
    ]);
    const inTime = () => dueAt('source', new Date(Date.now() + 60_000));
    await close({ before: { captureSource: inTime } });
    const taken = await handoff('source');
    expect(taken).toMatchObject({ state: 'acknowledged', acknowledged_by: 'attempt 1', records: 2, quarantined: 1 });
    expect(taken.batch_id).not.toBeNull();
    expect(taken.delivered_at!.getTime()).toBeLessThan(taken.deadline!.getTime());
  });

  test('late, which is told by when it came', async () => {
    await apply();
    await sell();
    let atNormalize = '';
    const look = async () => {
      atNormalize = (await handoff('source')).state;
    };
    await close({ before: { normalizeDay: look } });
    expect(atNormalize).toBe('late');
    // The end of the store's day in New York, and the four hours of its contract.
    expect((await handoff('source')).deadline!.toISOString()).toBe('2026-03-11T08:00:00.000Z');
  });

  test('late, and is not missed while the attempt that captures it is under way', async () => {
    await apply();
    await sell();
    const passed: number[] = [];
    const look = async () => {
      passed.push((await passDeadlines()).missed);
    };
    await close({ before: { captureSource: look } });
    expect(passed).toEqual([0]);
    expect(await handoff('source')).toMatchObject({ state: 'acknowledged' });
  });

  test('not at all: it is missed under the exception of the source, and no second one; the file heals both', async () => {
    await apply();
    await close();
    const [only, ...others] = await exceptions();
    expect([only!.kind, others]).toEqual(['source', []]);
    expect(await handoff('source')).toMatchObject({ state: 'missed', exception_id: only!.exception_id });
    await sell();
    await close();
    expect(await handoff('source')).toMatchObject({ state: 'acknowledged' });
  });

  test('on a closed day nothing is owed, and it is forgiven', async () => {
    await apply({ calendar: { closedDates: [DATE] } });
    await close();
    expect(await handoff('source')).toMatchObject({ state: 'forgiven', deadline: null });
  });
});

describe('the close hands its report to a destination', () => {
  test('which acknowledges it by the id of the mail', async () => {
    await apply();
    await sell();
    await close();
    expect(await handoff('destination')).toMatchObject({
      state: 'acknowledged',
      acknowledged_by: mails()[0]!.messageId,
      subject: 'nightly/mail',
      receiver: 'mail',
    });
    expect(await exceptions()).toEqual([]);
  });

  test('never where it breaks its contract: no mail, the payload kept with its errors, an exception; mended, it goes out', async () => {
    await apply({
      owners: {
        metrics: { '*': { owner: 'ada', deputy: 'ben' } },
        transforms: { '*': { owner: 'ada', deputy: 'ben' } },
        reports: { nightly: { owner: 'ben', deputy: 'ada' } },
        incidents: { owner: 'ben', deputy: 'ada' },
      },
    });
    await sell();
    const currency = (text: string) => async () => {
      await sql`update published_number set currency = ${text} where client_id = ${clientId} and currency is not null`.execute(
        bench.db,
      );
    };
    const connections = bench.mailbox.connections();
    const closed = await close({ before: { deliverReport: currency('dollars') } });
    expect(closed.status).toBe('published');
    expect([mails(), bench.mailbox.connections()]).toEqual([[], connections]);
    const refused = await handoff('destination');
    expect(refused.state).toBe('refused');
    expect(refused.errors[0]).toMatchObject({
      path: expect.stringContaining('currency'),
      found: expect.stringContaining('dollars'),
    });
    const { rows } = await sql<{ currency: string }>`
      select payload #>> '{numbers,0,currency}' as currency from handoff where handoff_id = ${refused.handoff_id}`.execute(
      bench.db,
    );
    expect(rows).toEqual([{ currency: 'dollars' }]);
    const [exception] = await exceptions();
    expect(exception).toMatchObject({ kind: 'handoff', state: 'healing', owner: 'ben', withheld: [] });
    expect(refused.exception_id).toBe(exception!.exception_id);

    expect(await decide('rerun', exception!.exception_id)).toMatchObject({ accepted: true });
    const again = await close({ cause: 'decision', before: { deliverReport: currency('USD') } });
    expect(again).toMatchObject({ status: 'published', how: 'finished' });
    expect(mails()).toHaveLength(1);
    expect(await handoff('destination')).toMatchObject({ state: 'acknowledged', errors: [] });
    expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'resolved' }]);
    // Nothing is owed any more: the next run finds nothing new.
    expect((await close()).how).toBe('unchanged');
  });

  test('not while the mail server is away: past the deadline it is missed, once; back and run anew, it is delivered', async () => {
    await apply();
    await sell();
    const down = await startMailbox({ onData: (_stream, _session, done) => done(reply(450, 'try again later')) });
    const transportUrl = `smtp://127.0.0.1:${down.port}`;
    const away = createActivities({ ...bench.deps, mail: { ...bench.deps.mail, transportUrl } });
    const day = await bench.close({
      clientId,
      businessDate: DATE,
      before: {
        deliverReport: async () => {
          const opened = { clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
          const deliver = () => away.deliverReport(opened, 'published');
          await expect(bench.run(deliver)).rejects.toThrow('try again later');
          await dueAt('destination', ago());
          expect(await passDeadlines()).toEqual({ missed: 1, forgiven: 0 });
          expect(await passDeadlines()).toEqual({ missed: 0, forgiven: 0 });
          expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'healing' }]);
          await bench.run(deliver, 'r', 12);
        },
      },
    });
    down.dropConnections();
    await down.close();
    expect(day.status).toBe('published');
    const [exception] = await exceptions();
    await bench.run(() => bench.activities.askOwner(exception!.exception_id));
    const { rows } = await sql<{ status: string }>`
      select status from business_day where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toEqual([{ status: 'published' }]);
    expect(await handoff('destination')).toMatchObject({ state: 'missed', exception_id: exception!.exception_id });

    await decide('rerun', exception!.exception_id);
    expect((await close({ cause: 'decision' })).status).toBe('published');
    expect(mails()).toHaveLength(1);
    const delivered = await handoff('destination');
    expect(delivered.state).toBe('acknowledged');
    expect(delivered.delivered_at!.getTime()).toBeGreaterThan(delivered.deadline!.getTime());
    expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'resolved' }]);
    expect(bench.told).toContainEqual({ exceptionId: exception!.exception_id, attempt: 2 });
  });

  test('is owed no more where somebody accepts that it is not delivered', async () => {
    await apply({ controls: [fileControl('gross_sales')], report: { metrics: ['gross_sales'] } });
    await sell();
    await shop.totals([`${DATE},99.00,`]);
    await close();
    await dueAt('destination', ago());
    await passDeadlines();
    const late = (await exceptions()).find((one) => one.kind === 'handoff')!;
    await decide('approve', late.exception_id);
    expect((await close({ beginsAt: 'reconcile', cause: 'decision' })).status).toBe('waiting');
    expect(await handoff('destination')).toMatchObject({ state: 'forgiven' });
    expect(await exceptions()).toMatchObject([
      { kind: 'control_difference', state: 'healing' },
      { kind: 'handoff', state: 'resolved' },
    ]);
  });
});

describe('a report that could not be delivered, once rejected', () => {
  const statusNow = async () => {
    const { rows } = await sql<{ status: string }>`
      select status from business_day where client_id = ${clientId}`.execute(bench.db);
    return rows[0]!.status;
  };
  const failToDeliver = async () => {
    const down = await startMailbox({ onData: (_stream, _session, done) => done(reply(550, 'no such reader')) });
    const transportUrl = `smtp://127.0.0.1:${down.port}`;
    const away = createActivities({ ...bench.deps, mail: { ...bench.deps.mail, transportUrl } });
    const opened = { clientId, businessDate: DATE, attempt: 1, modelVersion: 1 };
    await close({
      before: { deliverReport: () => bench.run(() => away.deliverReport(opened, 'published'), 'r', 12).then(() => {}) },
    });
    down.dropConnections();
    await down.close();
    const [exception] = await exceptions();
    await bench.run(() => bench.activities.askOwner(exception!.exception_id));
    return exception!.exception_id;
  };

  test('leaves the day what its numbers say, and is owed no more', async () => {
    await apply();
    await sell();
    const id = await failToDeliver();
    expect(await statusNow()).toBe('published');
    expect(await decide('reject', id)).toMatchObject({ accepted: true, message: 'Recorded: it rests, undelivered.' });
    expect(await statusNow()).toBe('published');
    expect(await handoff('destination')).toMatchObject({ state: 'forgiven' });
    expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'rejected' }]);
  });

  test('rests: closing the day again neither sends that version nor asks again; a later version goes out', async () => {
    await apply();
    await sell();
    await decide('reject', await failToDeliver());
    expect((await close({ beginsAt: 'reconcile' })).status).toBe('published');
    expect(mails()).toEqual([]);
    expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'rejected' }]);
    await apply({ effectiveFrom: '2026-03-01', report: { metrics: ['gross_sales', 'net_sales'] } });
    await close();
    expect(mails()).toHaveLength(1);
    expect(await handoff('destination')).toMatchObject({ state: 'acknowledged' });
    expect(await exceptions()).toMatchObject([{ kind: 'handoff', state: 'resolved' }]);
  });
});

describe('an exception is handed to a person', () => {
  const askFirst = async () => {
    await apply();
    await close();
    const [exception] = await exceptions();
    await bench.run(() => bench.activities.askOwner(exception!.exception_id));
    return exception!.exception_id;
  };

  test('who acknowledges it by a claim', async () => {
    const id = await askFirst();
    expect(await handoff('person')).toMatchObject({ state: 'pending', receiver: 'ada', exception_id: id });
    await decide('claim', id);
    expect(await handoff('person')).toMatchObject({ state: 'acknowledged', acknowledged_by: 'ada' });
  });

  test('and misses it at the deadline of the chain, under the same exception; a late decision still answers', async () => {
    const id = await askFirst();
    const { rows } = await sql<{ deadline: Date }>`
      update exception set deadline = ${ago()} where exception_id = ${id} returning deadline`.execute(bench.db);
    await bench.run(() =>
      bench.activities.climb({ exceptionId: id, step: 'overdue', atMs: rows[0]!.deadline.getTime() }),
    );
    expect(await handoff('person')).toMatchObject({ state: 'missed', exception_id: id });
    expect(await exceptions()).toMatchObject([{ kind: 'source', state: 'overdue' }]);
    await decide('rerun', id);
    expect(await handoff('person')).toMatchObject({ state: 'acknowledged' });
  });

  test('who need not answer any more where the cause is gone by itself', async () => {
    await askFirst();
    await sell();
    await close();
    expect(await passDeadlines()).toEqual({ missed: 0, forgiven: 1 });
    expect(await handoff('person')).toMatchObject({ state: 'forgiven' });
  });
});
