import { sql } from 'kysely';
import { verifyAudit } from '../../infra/postgres/audit.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';
import { incidentBench } from '../support/incident-bench.ts';
import { openSmallShop, type SmallShop } from '../support/small-shop.ts';

let bench: CloseBench;
let shop: SmallShop;
let day: ReturnType<typeof incidentBench>;
beforeAll(async () => {
  bench = await startCloseBench();
  day = incidentBench(bench, () => shop);
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await openSmallShop();
});
afterEach(async () => {
  await shop.remove();
  await day.forget();
});

const settle = (incidentId: string) => bench.run(() => bench.activities.settleIncident(incidentId));
const stateOf = async (incidentId: string) => (await day.row(incidentId)).state;

describe('the same cause at several clients', () => {
  test('is one incident; members resolve by themselves, and it when all of them have', async () => {
    const first = await day.overdue('one');
    expect(await day.row(first)).toMatchObject({ parent_id: null });
    const second = await day.overdue('two');
    const parentId = (await day.row(second)).parent_id!;
    expect(await day.row(first)).toMatchObject({ parent_id: parentId });
    expect(await day.row(parentId)).toMatchObject({ client_id: '@installation', state: 'open', owner: 'ben' });
    expect(bench.incidents).toContain(parentId);
    const third = await day.overdue('three');
    expect(await day.row(third)).toMatchObject({ parent_id: parentId });

    for (const [client, id] of [
      ['one', first],
      ['two', second],
    ] as const) {
      await day.heal(client);
      await settle(id);
      await settle(parentId);
      expect([await stateOf(id), await stateOf(parentId)]).toEqual(['resolved', 'open']);
    }
    await day.heal('three');
    await settle(third);
    await settle(parentId);
    expect([await stateOf(third), await stateOf(parentId)]).toEqual(['resolved', 'resolved']);
    await bench.run(() => bench.activities.summarizeIncident(parentId));
    await bench.run(() => bench.activities.tellIncident(parentId, 'resolved'));
    expect(day.mailsTo('ben@').at(-1)!.subject).toContain('3 clients');
    const { problems } = await verifyAudit(bench.db, bench.deps.secrets.auditKey, '@installation');
    expect(problems).toEqual([]);
  });

  test('is told once to whoever has heard of it, and only the wider incident is told again', async () => {
    const first = await day.overdue('four');
    await bench.run(() => bench.activities.tellIncident(first, 'opened'));
    const second = await day.overdue('five');
    const before = day.mailsTo('ben@').length;
    await bench.run(() => bench.activities.tellIncident(second, 'opened'));
    expect(day.mailsTo('ben@')).toHaveLength(before);
    const looks = await Promise.all(
      [second, (await day.row(second)).parent_id!].map((id) => bench.run(() => bench.activities.loadIncident(id))),
    );
    expect(looks.map((one) => one.nextAlertMs === null)).toEqual([true, false]);
  });

  test('is acknowledged and resolved for all its members at once', async () => {
    const members = [await day.overdue('six'), await day.overdue('seven')];
    const parentId = (await day.row(members[1]!)).parent_id!;
    const lead = () => bench.run(() => bench.activities.leadMembers(parentId));
    await day.act(parentId, 'ack', 'ada');
    await lead();
    for (const id of members) expect(await day.row(id)).toMatchObject({ state: 'acknowledged', owner: 'ada' });
    await day.act(parentId, 'resolve', 'ada', { reason: 'the platform was down' });
    await lead();
    for (const id of members)
      expect(await day.row(id)).toMatchObject({ state: 'resolved', cause: 'the platform was down' });
  });

  test('is as bad as it is at the client where it is worst', async () => {
    const first = await day.overdue('twelve');
    const second = await day.overdue('thirteen');
    const parentId = (await day.row(second)).parent_id!;
    await day.act(parentId, 'ack', 'ada');
    expect(await day.row(parentId)).toMatchObject({ severity: 'major', state: 'acknowledged' });
    await shop.orders('2026-03-10', [{ id: '1', at: '2026-03-10T16:00:00Z', amount: '911.00' }]);
    await bench.close({ clientId: 'twelve', businessDate: '2026-03-10' });
    const rules = [{ when: 'abs(exception.difference) > 50.0', severity: 'critical' }];
    await day.apply('twelve', { effectiveFrom: '2026-01-01', exceptions: { incidents: rules } });
    const { rows } = await sql<{ id: string }>`
      select exception_id as id from exception where client_id = 'twelve'`.execute(bench.db);
    expect(await day.open(rows[0]!.id)).toBe(first);
    expect(await day.row(parentId)).toMatchObject({ severity: 'critical', state: 'open' });
    const { rows: raised } = await sql<{ event: string }>`
      select event from incident_event where incident_id = ${parentId} and step = 'raise'`.execute(bench.db);
    expect(raised.map((one) => one.event)).toEqual(['Severity raised from major to critical, by twelve.']);
  });

  test('opened by two clients at the same instant is still one', async () => {
    const exceptions: string[] = [];
    for (const client of ['eight', 'nine']) {
      await day.apply(client);
      exceptions.push(await day.findDifference(client, '10.00'));
    }
    for (const id of exceptions) await day.escalate(id);
    const ids = await Promise.all(exceptions.map((id) => day.open(id)));
    const parents = await Promise.all(ids.map(async (id) => (await day.row(id!)).parent_id));
    expect([parents[0] !== null, parents[0] === parents[1]]).toEqual([true, true]);
  });
});

test('a finding of another control is another cause', async () => {
  await day.overdue('ten');
  await day.apply('eleven', { controls: [{ ...control, id: 'other' }] });
  await shop.write('other.csv', `day,total,by\n2026-03-10,11.00,\n`);
  const exceptionId = await day.findDifference('eleven', '10.00');
  await day.escalate(exceptionId);
  expect(await day.row((await day.open(exceptionId))!)).toMatchObject({ parent_id: null });
});

const control = {
  metric: 'gross_sales',
  evidence: 'platform_report',
  connector: 'file',
  options: { location: 'other.csv', format: 'csv', dateField: 'day', valueField: 'total' },
};
