import { sql } from 'kysely';
import { verifyAudit } from '../../infra/postgres/audit.ts';
import { loadIncident } from '../../infra/postgres/incident/rows.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { fileControl, openSmallShop, type SmallShop } from '../support/small-shop.ts';

const DATE = '2026-03-10';
const noon = `${DATE}T16:00:00Z`;

let bench: CloseBench;
let shop: SmallShop;
let clients = 0;
let clientId = '';
let decisions = 0;
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
  await shop.remove();
  // What one test leaves open would be the same cause to the next one.
  await sql`update incident set state = 'closed' where state <> 'closed'`.execute(bench.db);
});

const POLICY = {
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
  rerun: { attempts: 0, delay: '1s' },
  decideWithin: '4h',
  escalateTo: 'ben',
};
const RULES = [
  { when: 'exception.overdue', severity: 'major' },
  { when: 'abs(exception.difference) > 50.0', severity: 'critical' },
];

type Document = Parameters<SmallShop['document']>[0] & object;
async function apply(id = clientId, over: Document = {}): Promise<void> {
  const exceptions = { ...POLICY, incidents: RULES, ...(over.exceptions as object) };
  const controls = [fileControl('gross_sales')];
  await bench.apply(shop.document({ controls, ...over, client: { id }, exceptions }));
}

/** A day whose total is off by so much; resolves with its exception, asked about. */
async function findDifference(amount: string, id = clientId): Promise<string> {
  await shop.orders(DATE, [{ id: '1', at: noon, amount }]);
  await shop.totals([`${DATE},11.00,`]);
  await bench.close({ clientId: id, businessDate: DATE });
  const { rows } = await sql<{ exception_id: string }>`
    select exception_id from exception where client_id = ${id}`.execute(bench.db);
  const exceptionId = rows[0]!.exception_id;
  await bench.run(() => bench.activities.askOwner(exceptionId));
  return exceptionId;
}
const healDay = async (id = clientId): Promise<void> => {
  await shop.orders(DATE, [{ id: '1', at: noon, amount: '11.00' }]);
  await bench.close({ clientId: id, businessDate: DATE });
};
const open = (exceptionId: string) => bench.run(() => bench.activities.openIncident(exceptionId));
const escalate = (exceptionId: string) => bench.run(() => bench.activities.escalate(exceptionId));
const row = async (incidentId: string) => (await loadIncident(bench.db, incidentId))!;
const mailsTo = (address: string) =>
  bench.mailbox.mails.filter(
    (mail) => JSON.stringify(mail.to).includes(address) && mail.headers.has('x-meshline-incident'),
  );

function act(incidentId: string, verb: 'ack' | 'update' | 'resolve', actor: string, own: object = {}) {
  decisions += 1;
  const step = {
    decisionId: `step-${decisions}`,
    verb,
    reason: 'looking',
    actor,
    onBehalfOf: null,
    via: 'api',
    ...own,
  } as const;
  return bench.run(() => bench.activities.recordIncidentStep({ ...step, incidentId }));
}

describe('an exception', () => {
  test('is an incident once it is overdue, and the same one however often it is asked', async () => {
    await apply();
    const exceptionId = await findDifference('10.00');
    expect(await open(exceptionId)).toBeNull();
    await escalate(exceptionId);
    const incidentId = (await open(exceptionId))!;
    expect(await open(exceptionId)).toBe(incidentId);
    expect(await row(incidentId)).toMatchObject({
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
    await apply();
    const exceptionId = await findDifference('911.00');
    const incidentId = (await open(exceptionId))!;
    expect(await row(incidentId)).toMatchObject({ severity: 'critical' });
    await escalate(exceptionId);
    expect(await open(exceptionId)).toBe(incidentId);
    expect(await row(incidentId)).toMatchObject({ severity: 'critical' });
  });

  test('that gets worse raises its incident, which has to be acknowledged anew', async () => {
    await apply(clientId, {
      exceptions: {
        incidents: [
          { when: 'exception.overdue', severity: 'critical' },
          { when: 'exception.kind == "control_difference"', severity: 'minor' },
        ],
      },
    });
    const exceptionId = await findDifference('10.00');
    const incidentId = (await open(exceptionId))!;
    await act(incidentId, 'ack', 'ada');
    expect(await row(incidentId)).toMatchObject({ severity: 'minor', state: 'acknowledged' });
    await escalate(exceptionId);
    await open(exceptionId);
    expect(await row(incidentId)).toMatchObject({ severity: 'critical', state: 'open', acknowledged_at: null });
  });

  test('whose rules cannot be judged is left to the next rule', async () => {
    await apply(clientId, {
      exceptions: { incidents: [{ when: 'exception.kind > 5', severity: 'critical' }, ...RULES] },
    });
    const exceptionId = await findDifference('10.00');
    await escalate(exceptionId);
    expect(await row((await open(exceptionId))!)).toMatchObject({ severity: 'major' });
  });

  test('whose incident a person has resolved is none again until it is asked about anew', async () => {
    await apply();
    const exceptionId = await findDifference('10.00');
    await escalate(exceptionId);
    const incidentId = (await open(exceptionId))!;
    await act(incidentId, 'resolve', 'ben', { reason: 'known; the shop was told' });
    expect(await open(exceptionId)).toBe(incidentId);
    await sql`
      update exception set deadline = deadline + interval '1 hour' where exception_id = ${exceptionId}`.execute(
      bench.db,
    );
    expect(await open(exceptionId)).not.toBe(incidentId);
  });
});

describe('an incident', () => {
  test('is taken over by whoever acknowledges it, and handed on; once for each decision', async () => {
    await apply();
    const exceptionId = await findDifference('10.00');
    await escalate(exceptionId);
    const incidentId = (await open(exceptionId))!;
    const id = { decisionId: 'the-same' };
    expect(await act(incidentId, 'ack', 'ben', id)).toMatchObject({ accepted: true, state: 'acknowledged' });
    expect(await act(incidentId, 'ack', 'ben', id)).toMatchObject({
      accepted: true,
      message: expect.stringMatching('before'),
    });
    await act(incidentId, 'ack', 'ben', { onBehalfOf: 'ada' });
    expect(await row(incidentId)).toMatchObject({ owner: 'ada', state: 'acknowledged' });
    await act(incidentId, 'update', 'ada', { reason: 'The shop looks for the page' });
    await act(incidentId, 'resolve', 'ada', { reason: 'a lost page' });
    expect(await row(incidentId)).toMatchObject({ state: 'resolved', cause: 'a lost page' });
    expect(await act(incidentId, 'ack', 'ben')).toMatchObject({ accepted: false, state: 'resolved' });
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

  test('resolves by itself when its exceptions end, and not before', async () => {
    await apply();
    const exceptionId = await findDifference('10.00');
    await escalate(exceptionId);
    const incidentId = (await open(exceptionId))!;
    const settle = () => bench.run(() => bench.activities.settleIncident(incidentId));
    await settle();
    expect(await row(incidentId)).toMatchObject({ state: 'open' });
    await healDay();
    await settle();
    expect(await row(incidentId)).toMatchObject({
      state: 'resolved',
      cause: expect.stringContaining('no longer found'),
    });
  });

  test('is told to its owner and to whom the rules name, once, and its end to everyone who was told', async () => {
    await apply(clientId, { routing: [{ on: 'incident.opened', when: 'event.severity == "major"', to: ['ada'] }] });
    const exceptionId = await findDifference('10.00');
    await escalate(exceptionId);
    const incidentId = (await open(exceptionId))!;
    const before = [mailsTo('ada@').length, mailsTo('ben@').length];
    const tell = (news: 'opened' | 'alert' | 'resolved') =>
      bench.run(() => bench.activities.tellIncident(incidentId, news));
    await tell('opened');
    await tell('opened');
    expect([mailsTo('ada@').length, mailsTo('ben@').length]).toEqual(before.map((one) => one + 1));
    await bench.run(() => bench.activities.alertAgain(incidentId, 1));
    await bench.run(() => bench.activities.alertAgain(incidentId, 1));
    expect(await row(incidentId)).toMatchObject({ alerts: 2 });
    await tell('alert');
    expect([mailsTo('ada@').length, mailsTo('ben@').length]).toEqual(before.map((one) => one + 2));
    await act(incidentId, 'resolve', 'ben', { reason: 'a lost page' });
    await bench.run(() => bench.activities.summarizeIncident(incidentId));
    await tell('resolved');
    await bench.run(() => bench.activities.closeIncident(incidentId));
    expect(await row(incidentId)).toMatchObject({ state: 'closed' });
    const last = mailsTo('ada@').at(-1)!;
    expect(last.subject).toContain('Incident resolved (major): Small shop');
    expect(last.text).toContain('It is over. Cause: a lost page.');
    expect(last.text).toMatch(/^Metrics withheld +6$/m);
    expect(last.text?.replace(/\s+/g, ' ')).toContain('Told of it: ada@agency.example, ben@agency.example.');
  });
});
