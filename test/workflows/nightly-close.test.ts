import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createPlanNight } from '../../activities/installation/plan-night.ts';
import type { CloseInput } from '../../domain/close.ts';
import { closeWorkflowId } from '../../domain/ids.ts';
import { ensureSchedules } from '../../infra/temporal/schedules.ts';
import { startOrJoinClose, TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Fakes, fakeActivities } from '../support/fake-activities.ts';
import { devServer, devServerTest, startDevServer, withWorker } from '../support/temporal.ts';

let environment: TestWorkflowEnvironment;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  if (devServer) environment = await startDevServer();
});
afterAll(async () => {
  await environment?.teardown();
  await database.drop();
});

type Clock = { timezone: string; cutOff: string };

/** A client as far as a night must know it. */
async function storeClient(clientId: string, clock: Clock): Promise<void> {
  const document = JSON.stringify({ client: clock });
  await sql`insert into client (client_id, name) values (${clientId}, ${clientId})`.execute(database.db);
  await sql`
    insert into operating_model (client_id, version, document, origins, files, transforms, content_hash, applied_by)
    values (${clientId}, 1, ${document}, '{}', '{}', '{}', '', 'test')`.execute(database.db);
}

async function storeDay(clientId: string, date: string, status: string): Promise<void> {
  await sql`
    insert into business_day (client_id, business_date, status, attempt)
    values (${clientId}, ${date}, ${status}, 1)`.execute(database.db);
}

/** The nights of a client over a range of instants, one after the other, as the schedule's own backfill runs them. */
async function backfill(clientId: string, at: string, clock: Clock, start: string, end: string): Promise<Fakes> {
  await storeClient(clientId, clock);
  const fakes = fakeActivities({ planNight: createPlanNight(database) });
  const { client } = environment;
  await ensureSchedules(client, [{ clientId, at, timezone: clock.timezone }], new Date(start));
  const handle = client.schedule.getHandle(`nightly/${clientId}`);
  await withWorker(environment, fakes.activities, async () => {
    await handle.backfill({ start: new Date(start), end: new Date(end), overlap: 'BUFFER_ALL' });
    await untilIdle(client, clientId);
  });
  return fakes;
}

/** The schedule has taken all of its nights: none runs, and as many have been taken as were planned. */
async function untilIdle(client: Client, clientId: string): Promise<void> {
  const handle = client.schedule.getHandle(`nightly/${clientId}`);
  for (let still = 0, taken = -1; still < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { info, raw } = await handle.describe();
    const idle =
      info.numActionsTaken > 0 && info.runningActions.length === 0 && Number(raw.info?.bufferSize ?? 0) === 0;
    still = idle && info.numActionsTaken === taken ? still + 1 : 0;
    taken = info.numActionsTaken;
  }
}

const datesOf = (fakes: Fakes): string[] => fakes.of('openAttempt').map(([input]) => input.businessDate);
const nominalOf = (fakes: Fakes): string[] => fakes.of('planNight').map(([{ scheduledAt }]) => scheduledAt);

describe('a night closes the day that was over at its nominal time', () => {
  devServerTest('where clocks skip an hour, also where they skip the time of the schedule', async () => {
    const clock = { timezone: 'America/New_York', cutOff: '00:00' };
    const fakes = await backfill('skip-us', '02:30', clock, '2026-03-07T00:00:00Z', '2026-03-09T23:00:00Z');
    expect(nominalOf(fakes)).toEqual([
      '2026-03-07T07:30:00.000Z',
      '2026-03-08T07:00:00.000Z',
      '2026-03-09T06:30:00.000Z',
    ]);
    expect(datesOf(fakes)).toEqual(['2026-03-06', '2026-03-07', '2026-03-08']);
  });

  devServerTest(
    'where clocks are set back over the time of the schedule: the hour that comes twice closes one day',
    async () => {
      const clock = { timezone: 'America/New_York', cutOff: '00:00' };
      const fakes = await backfill('back-us', '01:30', clock, '2026-10-31T00:00:00Z', '2026-11-02T23:00:00Z');
      expect(nominalOf(fakes)).toContain('2026-11-01T05:30:00.000Z');
      expect([...new Set(nominalOf(fakes).map((at) => at.slice(0, 10)))]).toEqual([
        '2026-10-31',
        '2026-11-01',
        '2026-11-02',
      ]);
      expect(datesOf(fakes)).toEqual(['2026-10-30', '2026-10-31', '2026-11-01']);
    },
  );

  devServerTest('by the cut-off of the client, in spring and in autumn', async () => {
    const clock = { timezone: 'Europe/London', cutOff: '04:00' };
    const spring = await backfill('spring-gb', '04:30', clock, '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z');
    expect(datesOf(spring)).toEqual(['2026-03-27', '2026-03-28', '2026-03-29']);
    expect(nominalOf(spring)[1]).toBe('2026-03-29T03:30:00.000Z');
    const autumn = await backfill('autumn-gb', '03:30', clock, '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z');
    expect(datesOf(autumn)).toEqual(['2026-10-22', '2026-10-23', '2026-10-24']);
  });
});

describe('a night leaves alone', () => {
  test('what needs no attempt: a settled, waiting, rejected or running day; a failed one it closes', async () => {
    const plan = createPlanNight(database);
    const clientId = 'standing';
    await storeClient(clientId, { timezone: 'UTC', cutOff: '00:00' });
    const statuses = ['published', 'partially_published', 'waiting', 'rejected', 'cancelled', 'running', 'failed'];
    const found: (string | null)[] = [];
    for (const [index, status] of statuses.entries()) {
      await storeDay(clientId, `2026-05-0${index + 1}`, status);
      found.push((await plan({ clientId, scheduledAt: `2026-05-0${index + 2}T04:30:00Z` })).standing);
    }
    expect(found).toEqual([...statuses.slice(0, -1), null]);
  });

  devServerTest('a close that a person has started: both together are one attempt', async () => {
    const clientId = 'together';
    await storeClient(clientId, { timezone: 'UTC', cutOff: '00:00' });
    const fakes = fakeActivities({ planNight: createPlanNight(database) });
    const { client } = environment;
    await ensureSchedules(client, [{ clientId, at: '04:30', timezone: 'UTC' }]);
    const input: CloseInput = {
      clientId,
      businessDate: '2026-05-01',
      beginsAt: 'capture',
      cause: 'manual',
      actor: 'ann',
    };
    await client.schedule
      .getHandle(`nightly/${clientId}`)
      .backfill({ start: new Date('2026-05-02T04:29:00Z'), end: new Date('2026-05-02T04:31:00Z') });
    await startOrJoinClose(client, input);
    await withWorker(environment, fakes.activities, async () => {
      await untilIdle(client, clientId);
      await client.workflow.getHandle(closeWorkflowId(clientId, input.businessDate)).result();
    });
    expect(fakes.of('planNight')).toHaveLength(1);
    expect(datesOf(fakes)).toEqual(['2026-05-01']);
  });
});

devServerTest('a night that no schedule has started says what to do instead', async () => {
  const fakes = fakeActivities();
  const started = environment.client.workflow.execute('nightlyClose', {
    taskQueue: TASK_QUEUE,
    workflowId: 'by-hand',
    args: [{ clientId: 'by-hand' }],
  });
  await expect(withWorker(environment, fakes.activities, () => started)).rejects.toMatchObject({
    cause: { type: 'NoScheduledTime', message: expect.stringContaining('meshline close run') },
  });
});
