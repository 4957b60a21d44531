import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { PeriodDocument } from '../../schemas/api/periods.ts';
import { type MonthBench, orderOf, startMonthBench } from '../support/month-bench.ts';
import { fileControl } from '../support/small-shop.ts';

const MARCH = '2026-03';
const DAYS = ['2026-03-30', '2026-03-31'] as const;

let month: MonthBench;
let clients = 0;
let client: string;

beforeAll(async () => {
  month = await startMonthBench();
}, 60_000);
afterAll(() => month.stop());

/** A client of the test's own, whose first day is the last but one of March; both its days are published. */
beforeEach(async () => {
  clients += 1;
  client = `month-${clients}`;
  await month.shop.totals([]);
  await month.bench.apply(
    month.shop.document({ client: { id: client, name: client }, controls: [fileControl('gross_sales')] }),
  );
  for (const date of DAYS) await month.closeDay(date, [orderOf(`o-${date}`, date, '10.00')], client);
}, 60_000);

type Verb = 'close' | 'lock' | 'reopen';
const say = (person: string, verb: Verb, body?: object) => month.say(person, verb, MARCH, body, client);
const show = () => month.show(MARCH, client);
const itemOf = ({ checklist }: PeriodDocument, name: string) => checklist.find(({ item }) => item === name)!;
const grossOf = ({ numbers }: PeriodDocument) => numbers.find(({ metric }) => metric === 'gross_sales');

/** The audit rows of the client's months, as their actions and actors. */
async function audited(): Promise<string[]> {
  const { rows } = await sql<{ record: string }>`
    select record from audit_event where client_id = ${client} order by sequence`.execute(month.bench.db);
  const events = rows.map((row) => JSON.parse(row.record) as { action: string; actor: string });
  return events.filter(({ action }) => action.startsWith('period.')).map(({ action, actor }) => `${actor} ${action}`);
}

describe('the checklist', () => {
  test('holds for a month whose days are closed, from the first day of the client on', async () => {
    const shown = await show();
    expect(shown.state).toBe('open');
    expect(shown.checklist.map(({ status }) => status)).toEqual(Array(6).fill('ok'));
    expect(itemOf(shown, 'days').what).toContain('from 2026-03-30');
    expect(grossOf(shown)).toMatchObject({ days: 2, ofDays: '20.00', adjustments: '0.00', value: '20.00' });
  });

  test('refuses a month with an open exception, to close it and to lock it', async () => {
    await month.shop.totals([`${DAYS[1]},11.00,`]);
    expect(await month.closeDay(DAYS[1], [orderOf('late', DAYS[1], '10.00')], client)).toBe('waiting');
    const refused = await say('ada', 'close');
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/checklist-blocked']);
    expect(refused.body.problems!.map(({ path }) => path)).toEqual(expect.arrayContaining(['days', 'exceptions']));
    expect((await show()).state).toBe('open');
  });

  test('refuses to lock what got an open exception after it was soft-closed', async () => {
    expect((await say('ada', 'close')).status).toBe(200);
    await month.shop.totals([`${DAYS[1]},11.00,`]);
    await month.closeDay(DAYS[1], [orderOf('late', DAYS[1], '10.00')], client);
    const refused = await say('ben', 'lock');
    expect([refused.status, refused.body.type]).toEqual([409, '/problems/checklist-blocked']);
    expect((await show()).state).toBe('soft_closed');
  });

  test('lets a day pass of which a person keeps a number against a later change, and names it', async () => {
    expect(await month.closeDay(DAYS[1], [orderOf('late', DAYS[1], '12.00')], client)).toBe('waiting');
    const { rows } = await sql<{ id: string; version: number }>`
      select exception_id as id, version from exception where client_id = ${client}`.execute(month.bench.db);
    const { id: exceptionId, version: expectedVersion } = rows[0]!;
    const said = {
      decisionId: `keep-${client}`,
      verb: 'reject',
      args: {},
      reason: 'booked twice',
      via: 'api',
    } as const;
    const { run, activities } = month.bench;
    await run(() =>
      activities.recordDecision({ ...said, exceptionId, expectedVersion, actor: 'ada', onBehalfOf: null }),
    );
    await month.bench.close({ clientId: client, businessDate: DAYS[1], beginsAt: 'reconcile', cause: 'decision' });
    const closed = await say('ada', 'close');
    expect(closed).toMatchObject({ status: 200, body: { state: 'soft_closed' } });
    expect(itemOf(closed.body, 'changes')).toMatchObject({
      status: 'warn',
      what: 'kept as published against a later change: numbers of 2026-03-31',
    });
    expect(grossOf(closed.body)).toMatchObject({ value: '20.00' });
  });

  test('refuses a month with days to come, with a day that nobody closed, and without any day', async () => {
    const [year, number] = new Date().toISOString().split('-');
    for (const asked of [`${year}-${number}`, '2026-04', '2025-01']) {
      const refused = await month.say('ada', 'close', asked, {}, client);
      expect([refused.status, refused.body.problems!.map(({ path }) => path)]).toEqual([409, ['days']]);
    }
  });
});

describe('two people', () => {
  test('who soft-closed a month may not lock it, nor with --as; another person does', async () => {
    expect((await say('ada', 'close', { reason: 'looked at' })).body).toMatchObject({
      state: 'soft_closed',
      closed: { by: 'ada', reason: 'looked at' },
    });
    for (const body of [{}, { onBehalfOf: 'ben' }]) {
      const refused = await say('ada', 'lock', body);
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        'ada has soft-closed it; another person must lock it.',
      ]);
    }
    expect((await say('ben', 'lock')).body).toMatchObject({ state: 'locked', locked: { by: 'ben', lock: 1 } });
    expect(await audited()).toEqual(['ada period.closed', 'ben period.locked']);
  });

  test('a reopening of a locked month by one person is refused, and carried out by a second one', async () => {
    await say('ada', 'close');
    await say('ben', 'lock');
    const proposed = await say('ada', 'reopen', { reason: 'March was restated' });
    expect(proposed.body).toMatchObject({ state: 'locked', reopening: { by: 'ada', reason: 'March was restated' } });
    const again = await say('ada', 'reopen');
    expect([again.status, again.body.detail]).toEqual([
      403,
      'ada has asked for the reopening; another person must agree to it.',
    ]);
    expect((await show()).state).toBe('locked');
    expect((await say('ben', 'reopen')).body).toMatchObject({ state: 'open', reopening: null, locked: null });
    expect(await audited()).toEqual([
      'ada period.closed',
      'ben period.locked',
      'ada period.reopening_proposed',
      'ben period.reopened',
    ]);
  });

  test('a proposal to reopen is taken back by lock', async () => {
    await say('ada', 'close');
    await say('ben', 'lock');
    const before = await show();
    await say('ada', 'reopen');
    const kept = await say('ada', 'lock', { reason: 'not needed' });
    expect(kept.body).toMatchObject({ state: 'locked', reopening: null, locked: before.locked });
    expect((await say('ben', 'reopen')).body).toMatchObject({ state: 'locked', reopening: { by: 'ben' } });
  });

  test('a service is none of them, and roles below the owner may only look', async () => {
    const service = await say('night-bot', 'close');
    expect([service.status, service.body.detail]).toEqual([
      403,
      'Months are closed by people, and the token of night-bot belongs to a service.',
    ]);
    const operator = await month.api.token('operator', null, 'olga');
    const refused = await month.api.ask('POST', `/clients/${client}/periods/${MARCH}/close`, {
      token: operator,
      body: {},
    });
    expect([refused.status, refused.body.type]).toEqual([403, '/problems/not-allowed']);
    expect(await audited()).toEqual([]);
  });
});

describe('a verb', () => {
  test('said again changes nothing and writes nothing', async () => {
    for (const [person, verb] of [
      ['ada', 'reopen'],
      ['ada', 'close'],
      ['ada', 'close'],
      ['ben', 'close'],
      ['ben', 'lock'],
      ['ben', 'lock'],
      ['ada', 'lock'],
    ] as const)
      expect((await say(person, verb)).status).toBe(200);
    expect(await audited()).toEqual(['ada period.closed', 'ben period.locked']);
  });

  test('that cannot be said now is refused with what to do first', async () => {
    expect(await say('ben', 'lock')).toMatchObject({ status: 409, body: { type: '/problems/period-state' } });
    await say('ada', 'close');
    await say('ben', 'lock');
    expect(await say('ada', 'close')).toMatchObject({ status: 409, body: { type: '/problems/period-state' } });
    expect(await say('ada', 'reopen', {})).toMatchObject({ status: 400 });
  });

  test('of two people at once is one: the other finds it done', async () => {
    await say('ada', 'close');
    const answers = await Promise.all([say('ben', 'lock'), say('mia', 'lock')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await audited()).filter((one) => one.endsWith('period.locked'))).toHaveLength(1);
  });
});

test('each step that the rules route is an event, each time that it happens', async () => {
  const routing = [{ on: 'period.locked', when: 'event.actor == "ben"', to: ['ada'] }];
  await month.bench.apply(
    month.shop.document({ client: { id: client, name: client }, routing, effectiveFrom: '2026-03-01' }),
  );
  month.hastened.splice(0);
  for (const _ of [1, 2]) {
    await say('ada', 'close', { reason: 'looked at' });
    await say('ben', 'lock');
    await say('ada', 'reopen');
    await say('ben', 'reopen');
  }
  const { rows } = await sql<{ type: string; facts: object; routed: object[] }>`
    select type, facts, routed from event where client_id = ${client} and type like 'period.%' order by at`.execute(
    month.bench.db,
  );
  const once = ['period.closed', 'period.locked', 'period.reopened'];
  expect(rows.map(({ type }) => type)).toEqual([...once, ...once]);
  expect(rows[0]!.facts).toEqual({ month: MARCH, actor: 'ada', reason: 'looked at' });
  expect(rows.map(({ routed }) => routed.length)).toEqual([0, 1, 0, 0, 1, 0]);
  // What somebody is to hear of is told at once; nobody heard of the first step, and nothing hands on in this test.
  expect(new Set(month.hastened)).toEqual(new Set(['installation/reconcile']));
  expect(month.hastened).toHaveLength(7);
});

test('what is locked is kept with a hash that the audit trail holds, and the trail verifies', async () => {
  await say('ada', 'close');
  const { locked, numbers } = (await say('ben', 'lock')).body;
  const { rows } = await sql<{ record: string; hash: string }>`
    select record, encode(hash, 'hex') as hash from audit_event
    where client_id = ${client} and sequence = ${locked!.audit.sequence}`.execute(month.bench.db);
  expect(JSON.parse(rows[0]!.record)).toMatchObject({
    action: 'period.locked',
    detail: { lock: 1, contentHash: locked!.contentHash, closedBy: 'ada' },
  });
  expect([rows[0]!.hash, numbers.length > 3]).toEqual([locked!.audit.hash, true]);
  const token = await month.api.token('admin');
  const verified = () => month.api.ask('GET', `/audit/verify?client=${client}`, { token });
  expect((await verified()).body).toMatchObject({ ok: true });
  const changed = sql`update period_number set value_micros = value_micros + 1 where client_id = ${client} and metric = 'orders'`;
  await changed.execute(month.bench.db);
  expect((await verified()).body).toMatchObject({
    ok: false,
    problems: [{ problem: 'the numbers of 2026-03 are not those that were locked with this event' }],
  });
  await sql`update period_number set value_micros = value_micros - 1 where client_id = ${client} and metric = 'orders'`.execute(
    month.bench.db,
  );
  await sql`update period_lock set audit_hash = 'another' where client_id = ${client}`.execute(month.bench.db);
  expect((await verified()).body).toMatchObject({
    ok: false,
    problems: [{ problem: expect.stringContaining('a locked month names this event with another hash') }],
  });
});

test('each step that a month takes is an event for the routing rules, once', async () => {
  const types = async () => {
    const { rows } = await sql<{ type: string; facts: object }>`
      select type, facts from event where client_id = ${client} and type like 'period.%' order by at`.execute(
      month.bench.db,
    );
    return rows;
  };
  await say('ada', 'close', { reason: 'all in' });
  await say('ada', 'close', { reason: 'all in' });
  await say('ben', 'lock');
  await say('ada', 'reopen');
  await say('ben', 'reopen');
  expect(await types()).toEqual([
    { type: 'period.closed', facts: { month: MARCH, actor: 'ada', reason: 'all in' } },
    { type: 'period.locked', facts: { month: MARCH, actor: 'ben', reason: null } },
    { type: 'period.reopened', facts: { month: MARCH, actor: 'ben', reason: 'restated' } },
  ]);
});
