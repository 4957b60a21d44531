import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { sql } from 'kysely';
import { type Activities, createActivities } from '../../activities/index.ts';
import { createRepairOutboxes } from '../../activities/installation/repair-outboxes.ts';
import { outboxWorkflowId } from '../../domain/ids.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { installationOver } from '../../infra/temporal/installation.ts';
import { wakeOutbox } from '../../infra/temporal/wake-outbox.ts';
import { deliveryBench } from '../support/delivery-bench.ts';
import { fakeActivities } from '../support/fake-activities.ts';
import { onShopBench, type ShopBench } from '../support/shop-bench.ts';
import { devServer, devServerTest, startDevServer, timeSkippingTest, until, withWorker } from '../support/temporal.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const DAYS = ['2026-03-10', '2026-03-11', '2026-03-12'];

let own: ShopBench;
let receiver: Receiver;
let environment: TestWorkflowEnvironment;
onShopBench((opened) => {
  own = opened;
});
beforeAll(async () => {
  if (devServer) environment = await startDevServer();
});
afterAll(() => environment?.teardown());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const day = deliveryBench(() => own);
const hook = (more: object = {}) => ({
  id: 'hook',
  kind: 'webhook',
  url: receiver.url,
  secretRef: 'ops-hook',
  mode: 'live',
  ...more,
});
const outbox = () => ({ clientId: own.clientId, destinationId: 'hook' });
const workflow = ({ client }: TestWorkflowEnvironment) =>
  client.workflow.getHandle(outboxWorkflowId(own.clientId, 'hook'));
const activitiesOver = ({ client }: TestWorkflowEnvironment): Activities =>
  createActivities({ ...own.bench.deps, engine: engineOver(client) });
const told = () => receiver.received.map((one) => JSON.parse(one.body).report.businessDate as string);
const seen = () => [...new Set(receiver.received.map((one) => String(one.headers['idempotency-key'])))];

timeSkippingTest('a receiver that is down for a day gets everything once, and in order', async (skipping) => {
  await day.apply([hook()]);
  for (const date of DAYS) await day.close(date);
  receiver.answerAlways(503);
  await withWorker(skipping, activitiesOver(skipping), async () => {
    await wakeOutbox(skipping.client, outbox());
    await until(() => receiver.received.length > 0);
    for (let hour = 0; hour < 24; hour += 1) await skipping.sleep('1h');
    // Only the oldest was ever tried.
    expect([seen().length, receiver.received.length > 100]).toEqual([1, true]);
    const before = receiver.received.length;
    receiver.answerAlways(200);
    for (let tries = 0; (await day.states()).includes('pending') && tries < 20; tries += 1) await skipping.sleep('5m');
    expect(told().slice(before)).toEqual(DAYS);
    expect(await workflow(skipping).result()).toEqual({ left: 3 });
    const { historyLength } = (await workflow(skipping).describe()) as { historyLength: number };
    expect(historyLength).toBeLessThan(60);
  });
  expect(await day.states()).toEqual(['sent', 'sent', 'sent']);
});

devServerTest('what is put into an outbox that runs, or that is about to end, is sent by it', async () => {
  await day.apply([hook()]);
  const activities = activitiesOver(environment);
  let late = 0;
  const sendQueued: Activities['sendQueued'] = async (which) => {
    const left = await activities.sendQueued(which);
    // Something comes in just when the outbox was found empty.
    if (left === null && late === 0) {
      late += 1;
      await day.close(DAYS[1]!);
      await wakeOutbox(environment.client, which);
    }
    return left;
  };
  await withWorker(environment, { ...activities, sendQueued }, async () => {
    await day.close(DAYS[0]!);
    await wakeOutbox(environment.client, outbox());
    await until(async () => (await day.states()).join() === 'sent,sent');
  });
  expect(told()).toEqual([DAYS[0], DAYS[1]]);
});

devServerTest('an outbox that nobody could wake is woken by the care of the installation', async () => {
  await day.apply([hook()]);
  await day.close(DAYS[0]!);
  const repair = createRepairOutboxes({
    ...own.bench.deps,
    engine: engineOver(environment.client),
    installation: installationOver(environment.client),
  });
  await withWorker(environment, activitiesOver(environment), async () => {
    expect((await repair()).woken).toContain(outboxWorkflowId(own.clientId, 'hook'));
    await until(async () => (await day.states()).join() === 'sent');
  });
  expect((await repair()).woken).not.toContain(outboxWorkflowId(own.clientId, 'hook'));
});

devServerTest(
  'a delivery that is given up opens an exception with a review, which ends when it is sent after all',
  async () => {
    await day.apply([hook()]);
    await day.close(DAYS[0]!);
    receiver.answerWith(410);
    const fakes = fakeActivities();
    await withWorker(environment, { ...fakes.activities, ...activitiesOver(environment) }, async () => {
      await wakeOutbox(environment.client, outbox());
      await until(async () => (await day.states()).join() === 'failed');
      const { rows } = await sql<{ exception_id: string }>`
      select exception_id from exception where client_id = ${own.clientId}`.execute(own.bench.db);
      const review = environment.client.workflow.getHandle(`exception/${rows[0]!.exception_id}`);
      await until(async () => (await day.handoffs())[0]!.exception === 'awaiting_decision');
      await day.resend((await day.deliveries())[0]!.id);
      await wakeOutbox(environment.client, outbox());
      await until(async () => (await day.handoffs())[0]!.exception === 'resolved');
      expect(await review.result()).toBe('resolved');
    });
    expect([seen().length, receiver.received.length]).toEqual([1, 2]);
  },
);
