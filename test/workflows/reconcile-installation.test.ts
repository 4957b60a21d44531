import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import type { Activities } from '../../activities/index.ts';
import { type CareActivities, createCareActivities } from '../../activities/installation/index.ts';
import { RECONCILE_ID } from '../../domain/ids.ts';
import { verifyAudit } from '../../infra/postgres/audit.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { installationOver } from '../../infra/temporal/installation.ts';
import { ensureReconcileSchedule, hastenReconcile, reconcileNow } from '../../infra/temporal/reconcile-schedule.ts';
import { startOrJoinClose } from '../../infra/temporal/start-close.ts';
import type { ReconciledInstallation } from '../../workflows/reconcile-installation.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fakeActivities } from '../support/fake-activities.ts';
import { devServer, devServerTest, startDevServer, until, withWorker } from '../support/temporal.ts';

const AUDIT_KEY = Buffer.alloc(32, 7);
const DAY = '2026-05-01';

let environment: TestWorkflowEnvironment;
let database: TestDatabase;
let care: Partial<Activities & CareActivities>;
beforeAll(async () => {
  database = await createTestDatabase();
  if (!devServer) return;
  environment = await startDevServer();
  const { client } = environment;
  care = createCareActivities({
    db: database.db,
    secrets: { auditKey: AUDIT_KEY, customerKey: AUDIT_KEY },
    engine: engineOver(client),
    pages: { linkTo: () => null },
    installation: installationOver(client),
  });
});
afterAll(async () => {
  await environment?.teardown();
  await database.drop();
});

async function storeClient(clientId: string, scheduled = false): Promise<void> {
  const document = JSON.stringify({
    client: { timezone: 'Europe/London', cutOff: '00:00' },
    report: { schedule: { at: '04:30' } },
  });
  const at = scheduled ? new Date('2026-05-01T00:00:00Z') : null;
  await sql`insert into client (client_id, name, scheduled_at) values (${clientId}, ${clientId}, ${at})`.execute(
    database.db,
  );
  await sql`
    insert into operating_model (client_id, version, document, origins, files, transforms, content_hash, applied_by)
    values (${clientId}, 1, ${document}, '{}', '{}', '{}', '', 'test')`.execute(database.db);
}

/** An attempt that is open in the database, whatever Temporal knows of its run. */
async function storeAttempt(clientId: string, runId: string, before: string | null = null): Promise<void> {
  await sql`
    insert into business_day (client_id, business_date, status, attempt)
    values (${clientId}, ${DAY}, 'running', 1)`.execute(database.db);
  await sql`
    insert into attempt (client_id, business_date, attempt, run_id, workflow_id, model_version, begins_at, cause, actor,
      stage, before_status)
    values (${clientId}, ${DAY}, 1, ${runId}, ${`close/${clientId}/${DAY}`}, 1, 'capture', 'manual', 'ann', 'capture', ${before})`.execute(
    database.db,
  );
}

async function storeException(clientId: string, exceptionId: string, state = 'awaiting_decision'): Promise<void> {
  await sql`
    insert into exception (exception_id, client_id, business_date, kind, subject, store_id, owner, deputy, state, input_hash,
      message, withheld, opened_attempt, last_attempt)
    values (${exceptionId}, ${clientId}, ${DAY}, 'control_difference', 'till', '', 'ann', 'ben', ${state}, 'h', 'differs',
      '[]', 1, 1)`.execute(database.db);
}

const statusOf = async (clientId: string): Promise<unknown> =>
  (await sql<{ status: string }>`select status from business_day where client_id = ${clientId}`.execute(database.db))
    .rows[0]?.status;

/** Passes over the installation, with whatever else runs served by fakes. */
const pass = (times: number): Promise<ReconciledInstallation[]> =>
  withWorker(environment, { ...fakeActivities().activities, ...care }, async () => {
    const results: ReconciledInstallation[] = [];
    for (let one = 0; one < times; one += 1) results.push(await (await reconcileNow(environment.client)).result());
    return results;
  });

const isRunning = async (workflowId: string): Promise<boolean> =>
  (await environment.client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';

describe('the care of an installation', () => {
  devServerTest('makes the schedules that are missing, once, and only of scheduled clients', async () => {
    await storeClient('nightly', true);
    await storeClient('by-hand');
    const [first, second] = await pass(2);
    expect([first?.schedules, second?.schedules]).toEqual([1, 0]);
    const { spec } = await environment.client.schedule.getHandle('nightly/nightly').describe();
    expect(spec.timezone).toBe('Europe/London');
    await expect(environment.client.schedule.getHandle('nightly/by-hand').describe()).rejects.toThrow();
  });

  devServerTest(
    'ends an attempt whose run is gone, so that the day can be run anew; one that lives it leaves',
    async () => {
      await storeClient('lost');
      await storeClient('lost-again');
      await storeClient('alive');
      await storeAttempt('lost', '00000000-0000-4000-8000-000000000001');
      await storeAttempt('lost-again', '00000000-0000-4000-8000-000000000002', 'published');
      const input = {
        clientId: 'alive',
        businessDate: DAY,
        beginsAt: 'capture',
        cause: 'manual',
        actor: 'ann',
      } as const;
      const { client } = environment;
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const { runId } = await startOrJoinClose(client, input);
      await storeAttempt('alive', runId);
      const fakes = fakeActivities({
        captureTotals: async () => {
          await held;
          return { changed: 0, failures: [] };
        },
      });
      const repaired = await withWorker(environment, { ...fakes.activities, ...care }, async () => {
        const result = (await (await reconcileNow(client)).result()) as ReconciledInstallation;
        release();
        await client.workflow.getHandle(`close/alive/${DAY}`).result();
        return result;
      });
      expect(repaired.attempts).toBe(2);
      expect([await statusOf('lost'), await statusOf('lost-again'), await statusOf('alive')]).toEqual([
        'failed',
        'published',
        'running',
      ]);
      await sql`update attempt set ended_at = now() where client_id = 'alive'`.execute(database.db);
    },
  );

  devServerTest('starts the review of an open exception that has none, and no second one', async () => {
    await storeClient('reviewed');
    await storeException('reviewed', 'open-one');
    await storeException('reviewed', 'ended-one', 'resolved');
    const [first, second] = await pass(2);
    expect([first?.reviews, second?.reviews]).toEqual([1, 0]);
    expect(await isRunning('exception/open-one')).toBe(true);
    await expect(isRunning('exception/ended-one')).rejects.toThrow();
    const { typedSearchAttributes } = await environment.client.workflow.getHandle('exception/open-one').describe();
    expect(typedSearchAttributes.getAll()).toEqual(
      expect.arrayContaining([expect.objectContaining({ value: 'reviewed' }), expect.objectContaining({ value: DAY })]),
    );
  });

  devServerTest('keeps the histories of ended runs, once, as Temporal tells them', async () => {
    await storeClient('kept');
    const { client } = environment;
    const input = { clientId: 'kept', businessDate: DAY, beginsAt: 'capture', cause: 'manual', actor: 'ann' } as const;
    const { workflowId, runId } = await startOrJoinClose(client, input);
    await withWorker(environment, fakeActivities().activities, () => client.workflow.getHandle(workflowId).result());
    await listed(runId);
    await pass(2);
    const { rows } = await sql<{ history: Buffer; business_date: string; status: string }>`
      select history, business_date, status from workflow_history where client_id = 'kept'`.execute(database.db);
    expect(rows).toMatchObject([{ business_date: DAY, status: 'COMPLETED' }]);
    const { events } = proto.temporal.api.history.v1.History.decode(rows[0]!.history);
    const told = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    expect(events).toHaveLength(told.events!.length);
    expect(events.at(-1)?.workflowExecutionCompletedEventAttributes).toBeTruthy();
    expect(await verifyAudit(database.db, AUDIT_KEY, 'kept')).toMatchObject({ events: 1, problems: [] });
  });

  devServerTest('goes on by a schedule of its own, made once', async () => {
    const { client } = environment;
    expect([await ensureReconcileSchedule(client), await ensureReconcileSchedule(client)]).toEqual([true, false]);
    const schedule = client.schedule.getHandle(RECONCILE_ID);
    const before = (await schedule.describe()).info.numActionsTaken;
    await hastenReconcile(client);
    await until(async () => (await schedule.describe()).info.numActionsTaken > before);
  });
});

/** Waits until the server's list shows that a run has ended: it does so with some delay. */
async function listed(runId: string): Promise<void> {
  const query = `RunId = '${runId}' AND ExecutionStatus != 'Running'`;
  while ((await environment.client.workflow.count(query)).count === 0)
    await new Promise((done) => setTimeout(done, 100));
}
