import { spawnSync } from 'node:child_process';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { createRecordDecision } from '../../activities/review/record-decision.ts';
import { applyOperatingModel } from '../../infra/operating-model/apply.ts';
import { startRowWork } from '../../infra/rowwork/pool.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fakeActivities, review } from '../support/fake-activities.ts';
import { orderModel } from '../support/order-model.ts';
import { devServer, devServerTest, startDevServer, until, withWorker } from '../support/temporal.ts';

const DAY = '2026-05-01';
let environment: TestWorkflowEnvironment;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const model = { base: 'acme.yaml', files: { 'acme.yaml': orderModel() } };
  const trail = { auditKey: Buffer.alloc(32, 7), actor: 'tester', today: DAY };
  expect(await applyOperatingModel(database.db, { ...model, ...trail })).toMatchObject({ client: 'acme', version: 1 });
  await sql`
    insert into business_day (client_id, business_date, status, attempt)
    values ('acme', ${DAY}, 'waiting', 1)`.execute(database.db);
  if (devServer) environment = await startDevServer();
});
afterAll(async () => {
  await environment?.teardown();
  await database.drop();
});

const rowWork = startRowWork(1);
afterAll(() => rowWork.close());

async function storeException(id: string): Promise<void> {
  await sql`
    insert into exception (exception_id, client_id, business_date, kind, subject, store_id, owner, deputy, state, input_hash,
      message, withheld, opened_attempt, last_attempt)
    values (${id}, 'acme', ${DAY}, 'control_difference', 'till', '', 'ann', 'ben', 'awaiting_decision', 'h', 'differs',
      '[]', 1, 1)`.execute(database.db);
}

/** What an operator types, with the CLI's own identity. */
function typeSignal(exceptionId: string, input: string): void {
  const to = ['--address', environment.address, '--workflow-id', `exception/${exceptionId}`, '--identity', 'ann@desk'];
  const signal = ['workflow', 'signal', '--name', 'decide-signal', '--input', input, ...to];
  const { status, stderr } = spawnSync(devServer!, signal, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** A review of a stored exception, whose decisions are recorded for good. */
async function reviewed(exceptionId: string, signals: 'on' | 'off', input: string): Promise<void> {
  await storeException(exceptionId);
  const record = createRecordDecision({
    db: database.db,
    databaseUrl: database.url,
    rowWork,
    files: { roots: [], maximumRecordBytes: 1, maximumFileBytes: 1 },
    secrets: { auditKey: Buffer.alloc(32, 7), customerKey: Buffer.alloc(32, 7) },
    engine: engineOver(environment.client),
    signals,
  });
  const fakes = fakeActivities({
    recordDecision: record,
    loadReview: async () => review({ deadlineMs: Date.now() + 3_600_000 }),
  });
  await withWorker(environment, fakes.activities, async () => {
    await environment.client.workflow.start('reviewException', {
      taskQueue: TASK_QUEUE,
      workflowId: `exception/${exceptionId}`,
      args: [{ exceptionId, clientId: 'acme', businessDate: DAY }],
    });
    typeSignal(exceptionId, input);
    await until(async () => (await audited(exceptionId)).length > 0);
  });
}

type Audited = { action: string; actor: string };
async function audited(exceptionId: string): Promise<Audited[]> {
  const { rows } = await sql<{ record: string }>`select record from audit_event order by sequence`.execute(database.db);
  return rows.map((row) => JSON.parse(row.record)).filter((one) => one.subject === exceptionId);
}
const decisionsOn = async (exceptionId: string) =>
  (await sql`select verb, reason, actor, via from decision where exception_id = ${exceptionId}`.execute(database.db))
    .rows;

devServerTest('a decision from the Temporal CLI is recorded with the identity that the CLI has', async () => {
  await reviewed('by-cli', 'on', '{"verb":"approve","reason":"the gateway was down"}');
  const recorded = { verb: 'approve', reason: 'the gateway was down', actor: 'temporal:ann@desk', via: 'signal' };
  expect(await decisionsOn('by-cli')).toEqual([recorded]);
  expect(await audited('by-cli')).toMatchObject([{ action: 'exception.approve', actor: 'temporal:ann@desk' }]);
});

devServerTest('where signals are switched off nothing is decided, and the trail says who tried', async () => {
  await reviewed('switched-off', 'off', '{"verb":"approve","reason":"the gateway was down"}');
  expect(await decisionsOn('switched-off')).toEqual([]);
  expect(await audited('switched-off')).toMatchObject([
    { action: 'exception.signal_refused', actor: 'temporal:ann@desk' },
  ]);
});
