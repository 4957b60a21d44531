import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { createRecordIncidentStep } from '../../activities/incident/record-decision.ts';
import type { IncidentSummary } from '../../domain/incident/summary.ts';
import { verifyAudit } from '../../infra/postgres/audit.ts';
import { storedSummary } from '../../infra/postgres/incident/steps.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { INCIDENT_DATE, incidentBench } from '../support/incident-bench.ts';
import { fileControl, openSmallShop, type SmallShop } from '../support/small-shop.ts';

let bench: CloseBench;
let shop: SmallShop;
let day: ReturnType<typeof incidentBench>;
let clients = 0;
let clientId = '';
beforeAll(async () => {
  bench = await startCloseBench();
  day = incidentBench(bench, () => shop);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await openSmallShop();
  clients += 1;
  clientId = `shop-${clients}`;
});
afterEach(async () => {
  await shop.remove();
  await day.forget();
});

describe('an exception', () => {
  test('is an incident once it is overdue, and the same one however often it is asked', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '10.00');
    expect(await day.open(exceptionId)).toBeNull();
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    expect(await day.open(exceptionId)).toBe(incidentId);
    expect(await day.row(incidentId)).toMatchObject({
      severity: 'major',
      state: 'open',
      owner: 'ben',
      client_id: clientId,
    });
    expect(bench.incidents).toContain(incidentId);
    const { rows } = await sql`select from incident where client_id = ${clientId}`.execute(bench.db);
    expect(rows).toHaveLength(1);
  });

  test('is an incident at once above a threshold, and being overdue too makes it no less bad', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '911.00');
    const incidentId = (await day.open(exceptionId))!;
    expect(await day.row(incidentId)).toMatchObject({ severity: 'critical' });
    await day.escalate(exceptionId);
    expect(await day.open(exceptionId)).toBe(incidentId);
    expect(await day.row(incidentId)).toMatchObject({ severity: 'critical' });
  });

  test('that gets worse raises its incident, which has to be acknowledged anew', async () => {
    await day.apply(clientId, {
      exceptions: {
        incidents: [
          { when: 'exception.overdue', severity: 'critical' },
          { when: 'exception.kind == "control_difference"', severity: 'minor' },
        ],
      },
    });
    const exceptionId = await day.findDifference(clientId, '10.00');
    const incidentId = (await day.open(exceptionId))!;
    await day.act(incidentId, 'ack', 'ada');
    expect(await day.row(incidentId)).toMatchObject({ severity: 'minor', state: 'acknowledged' });
    await day.escalate(exceptionId);
    await day.open(exceptionId);
    expect(await day.row(incidentId)).toMatchObject({ severity: 'critical', state: 'open', acknowledged_at: null });
  });

  test('whose rules cannot be judged is left to the next rule', async () => {
    await day.apply(clientId, {
      exceptions: {
        incidents: [
          { when: 'exception.kind > 5', severity: 'critical' },
          { when: 'exception.overdue', severity: 'major' },
        ],
      },
    });
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    expect(await day.row((await day.open(exceptionId))!)).toMatchObject({ severity: 'major' });
  });

  test('whose incident a person has resolved is none again until it is asked about anew', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    await day.act(incidentId, 'resolve', 'ben', { reason: 'known; the shop was told' });
    expect(await day.open(exceptionId)).toBe(incidentId);
    await sql`
      update exception set deadline = deadline + interval '1 hour' where exception_id = ${exceptionId}`.execute(
      bench.db,
    );
    expect(await day.open(exceptionId)).not.toBe(incidentId);
  });
});

describe('an incident', () => {
  test('is taken over by whoever acknowledges it, and handed on; once for each decision', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    const id = { decisionId: 'the-same' };
    expect(await day.act(incidentId, 'ack', 'ben', id)).toMatchObject({ accepted: true, state: 'acknowledged' });
    expect(await day.act(incidentId, 'ack', 'ben', id)).toMatchObject({
      accepted: true,
      message: expect.stringMatching('before'),
    });
    await day.act(incidentId, 'ack', 'ben', { onBehalfOf: 'ada' });
    expect(await day.row(incidentId)).toMatchObject({ owner: 'ada', state: 'acknowledged' });
    await day.act(incidentId, 'update', 'ada', { reason: 'The shop looks for the page' });
    await day.act(incidentId, 'resolve', 'ada', { reason: 'a lost page' });
    expect(await day.row(incidentId)).toMatchObject({ state: 'resolved', cause: 'a lost page' });
    expect(await day.act(incidentId, 'ack', 'ben')).toMatchObject({ accepted: false, state: 'resolved' });
    const { rows } = await sql<{ event: string }>`
      select event from incident_event where incident_id = ${incidentId} order by at`.execute(bench.db);
    expect(rows.map((one) => one.event)).toEqual([
      expect.stringMatching(/^Opened with severity major: gross_sales/),
      'Acknowledged by ben: looking.',
      'Handed over from ben to ada: looking.',
      'The shop looks for the page.',
      'Resolved. Cause: a lost page.',
    ]);
    expect((await verifyAudit(bench.db, bench.deps.secrets.auditKey, clientId)).problems).toEqual([]);
  });

  test('is not handed to somebody who is away, and whoever goes away later is stood in for', async () => {
    const incidentId = await day.overdue(clientId);
    const person = (id: string) => ({ id, name: id, email: `${id}@agency.example`, timezone: 'UTC' });
    const people = [{ ...person('ada'), leave: ['2020-01-01/2099-12-31'] }, person('ben')];
    await day.act(incidentId, 'ack', 'ben', { onBehalfOf: 'ada' });
    await day.apply(clientId, { effectiveFrom: INCIDENT_DATE, people });
    expect(await day.act(incidentId, 'ack', 'ben', { onBehalfOf: 'ada' })).toMatchObject({
      accepted: false,
      state: 'acknowledged',
      message: 'ada is away now. Hand it to somebody who is there.',
    });
    const mails = () => [day.mailsTo('ada@').length, day.mailsTo('ben@').length];
    const [toAda, toBen] = mails();
    await day.act(incidentId, 'resolve', 'ben', { reason: 'known' });
    await bench.run(() => bench.activities.summarizeIncident(incidentId));
    await bench.run(() => bench.activities.tellIncident(incidentId, 'resolved'));
    expect(mails()).toEqual([toAda, toBen! + 1]);
  });

  test('is held by nobody who is away, and whoever has left may only say how it stands', async () => {
    const incidentId = await day.overdue(clientId);
    const person = (id: string, more: object = {}) => ({
      id,
      name: id,
      email: `${id}@agency.example`,
      timezone: 'UTC',
      ...more,
    });
    const people = [
      person('ada'),
      person('ben'),
      person('cleo', { leave: ['2020-01-01/2099-12-31'] }),
      person('dan', { until: '2026-01-01' }),
    ];
    await day.apply(clientId, { effectiveFrom: INCIDENT_DATE, people });
    const away = 'cleo is away now. Hand it to somebody who is there.';
    expect(await day.act(incidentId, 'ack', 'cleo')).toMatchObject({ accepted: false, state: 'open', message: away });
    expect(await day.act(incidentId, 'ack', 'cleo', { onBehalfOf: 'ada' })).toMatchObject({ accepted: true });
    const left = 'dan left on 2026-01-01 and sees no incident through any more. Whoever is there must do it.';
    for (const step of [['ack'], ['ack', { onBehalfOf: 'ben' }], ['resolve']] as const)
      expect(await day.act(incidentId, step[0], 'dan', step[1])).toMatchObject({ accepted: false, message: left });
    expect(await day.act(incidentId, 'update', 'dan')).toMatchObject({ accepted: true });
    expect(await day.row(incidentId)).toMatchObject({ state: 'acknowledged', owner: 'ada' });
  });

  test('resolves by itself when its exceptions end, and not before', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    const settle = () => bench.run(() => bench.activities.settleIncident(incidentId));
    await settle();
    expect(await day.row(incidentId)).toMatchObject({ state: 'open' });
    await day.heal(clientId);
    await settle();
    expect(await day.row(incidentId)).toMatchObject({
      state: 'resolved',
      cause: expect.stringContaining('no longer found'),
    });
  });

  test('that an applied fix ended says so, and so does its summary: the fix by its title, by whom and why', async () => {
    await day.apply(clientId);
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    await shop.orders(INCIDENT_DATE, [{ id: '1', at: `${INCIDENT_DATE}T16:00:00Z`, amount: '11.00' }]);
    await bench.run(() => bench.activities.suggestFixes(exceptionId));
    const { version } = await bench.run(() => bench.activities.loadReview(exceptionId));
    const said = {
      decisionId: randomUUID(),
      verb: 'apply_fix',
      args: { fix: 'f1' },
      reason: 'the page is there',
    } as const;
    const by = { actor: 'ada', onBehalfOf: null, expectedVersion: version, via: 'api' } as const;
    const answer = await bench.run(() => bench.activities.recordDecision({ ...said, ...by, exceptionId }));
    expect(answer.accepted).toBe(true);
    await bench.close({ clientId, businessDate: INCIDENT_DATE });
    await bench.run(() => bench.activities.settleIncident(incidentId));
    await bench.run(() => bench.activities.summarizeIncident(incidentId));
    const did = 'applied the fix "Capture the sources again: they have changed since": the page is there';
    expect((await day.row(incidentId)).cause).toMatch(new RegExp(`: ada ${did}\\.$`));
    const summary = await storedSummary<IncidentSummary>(bench.db, incidentId);
    expect(summary!.actions.map(({ actor, event }) => [actor, event])).toEqual([
      ['ada', did],
      [expect.any(String), `attempt 2 of ${clientId} ${INCIDENT_DATE}: published`],
    ]);
  });

  test('is told to its owner and to whom the rules name, once, and its end to everyone who was told', async () => {
    await day.apply(clientId, { routing: [{ on: 'incident.opened', when: 'event.severity == "major"', to: ['ada'] }] });
    const exceptionId = await day.findDifference(clientId, '10.00');
    await day.escalate(exceptionId);
    const incidentId = (await day.open(exceptionId))!;
    const before = [day.mailsTo('ada@').length, day.mailsTo('ben@').length];
    const tell = (news: 'opened' | 'alert' | 'resolved') =>
      bench.run(() => bench.activities.tellIncident(incidentId, news));
    await tell('opened');
    await tell('opened');
    expect([day.mailsTo('ada@').length, day.mailsTo('ben@').length]).toEqual(before.map((one) => one + 1));
    await bench.run(() => bench.activities.alertAgain(incidentId, 1));
    await bench.run(() => bench.activities.alertAgain(incidentId, 1));
    expect(await day.row(incidentId)).toMatchObject({ alerts: 2 });
    await tell('alert');
    expect([day.mailsTo('ada@').length, day.mailsTo('ben@').length]).toEqual(before.map((one) => one + 2));
    await day.act(incidentId, 'resolve', 'ben', { reason: 'a lost page' });
    await bench.run(() => bench.activities.summarizeIncident(incidentId));
    await tell('resolved');
    await bench.run(() => bench.activities.closeIncident(incidentId));
    expect(await day.row(incidentId)).toMatchObject({ state: 'closed' });
    const last = day.mailsTo('ada@').at(-1)!;
    expect(last.subject).toContain('Incident resolved (major): Small shop');
    expect(last.text).toContain('It is over. Cause: a lost page.');
    expect(last.text).toMatch(/^Metrics withheld +6$/m);
    expect(last.text?.replace(/\s+/g, ' ')).toContain('Told of it: ada@agency.example, ben@agency.example.');
  });

  test('heeds no signal where signals are switched off, and the trail says who tried', async () => {
    const incidentId = await day.overdue(clientId);
    const off = createRecordIncidentStep({ ...bench.deps, signals: 'off' });
    const step = {
      decisionId: `${incidentId}/s`,
      verb: 'ack',
      reason: 'x',
      actor: 'eve',
      onBehalfOf: null,
      incidentId,
    } as const;
    const signal = { via: 'signal', signal: { runId: 'r', ordinal: 1 } } as const;
    expect(await bench.run(() => off({ ...step, ...signal }))).toMatchObject({ accepted: false, state: 'open' });
    const { rows } = await sql<{ record: string }>`
      select record from audit_event where client_id = ${clientId} order by sequence desc limit 1`.execute(bench.db);
    expect(JSON.parse(rows[0]!.record)).toMatchObject({ action: 'incident.signal_refused', actor: 'temporal:eve' });
    const on = await bench.run(() => bench.activities.recordIncidentStep({ ...step, ...signal, decisionId: 'on' }));
    expect(on).toMatchObject({ accepted: true, state: 'acknowledged' });
  });

  test('of a day takes in the further exceptions of that day, and ends with the last of them', async () => {
    await day.apply(clientId, { controls: [fileControl('gross_sales'), fileControl('orders', {}, {}, 'counts')] });
    await shop.totals(['2026-03-10,7,'], 'counts');
    await day.findDifference(clientId, '10.00');
    const { rows } = await sql<{ id: string }>`
      select exception_id as id from exception where client_id = ${clientId} order by control_id`.execute(bench.db);
    const ids: (string | null)[] = [];
    for (const { id } of rows) {
      await bench.run(() => bench.activities.askOwner(id));
      await day.escalate(id);
      ids.push(await day.open(id));
    }
    expect([rows.length, new Set(ids).size]).toEqual([2, 1]);
    const settle = () => bench.run(() => bench.activities.settleIncident(ids[0]!));
    await day.heal(clientId);
    await settle();
    expect(await day.row(ids[0]!)).toMatchObject({ state: 'open' });
    await shop.totals(['2026-03-10,1,'], 'counts');
    await day.heal(clientId);
    await settle();
    expect(await day.row(ids[0]!)).toMatchObject({ state: 'resolved' });
  });
});
