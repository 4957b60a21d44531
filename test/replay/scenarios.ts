import { setTimeout } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { IncidentLook } from '../../activities/incident/load.ts';
import type { Activities } from '../../activities/index.ts';
import type { CareActivities } from '../../activities/installation/index.ts';
import type { Review } from '../../activities/review/load-review.ts';
import type { CloseInput } from '../../domain/close.ts';
import { reconcileNow } from '../../infra/temporal/reconcile-schedule.ts';
import { ensureSchedules } from '../../infra/temporal/schedules.ts';
import { startOrJoinClose, TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { startRevisions } from '../../infra/temporal/start-revisions.ts';
import { wakeOutbox } from '../../infra/temporal/wake-outbox.ts';
import { fakeActivities, openedDay, publishedDay } from '../support/fake-activities.ts';
import { type FakeIncident, fakeIncident } from '../support/fake-incident.ts';
import { type FakeException, fakeException } from '../support/fake-review.ts';

const DAY = '2026-05-01';
const retry = { firstMs: 10, coefficient: 2, longestMs: 100, maximumAttempts: 3 };
const sources = ['shop', 'bank'].map((id) => ({ id, retry }));

/** One run whose history is recorded: what it is served with, and what people do while it runs. */
export type Scenario = {
  activities: Partial<Activities & CareActivities>;
  run(client: Client): Promise<{ workflowId: string; runId?: string }>;
};

async function ended(handle: Pick<WorkflowHandle, 'result' | 'workflowId'>): Promise<{ workflowId: string }> {
  await handle.result().catch(() => undefined);
  return { workflowId: handle.workflowId };
}

const close = (clientId: string, own: Partial<Activities>, how: Partial<CloseInput> = {}): Scenario => {
  const openAttempt: Activities['openAttempt'] = async ({ businessDate, beginsAt }) =>
    openedDay({ clientId, businessDate, beginsAt, sources });
  return {
    activities: fakeActivities({ openAttempt, ...own }).activities,
    async run(client) {
      const input = {
        clientId,
        businessDate: DAY,
        beginsAt: 'capture',
        cause: 'manual',
        actor: 'ann',
        ...how,
      } as const;
      const { workflowId } = await startOrJoinClose(client, input);
      return ended(client.workflow.getHandle(workflowId));
    },
  };
};

const review = (
  exceptionId: string,
  row: Partial<Review>,
  play: (exception: FakeException, handle: WorkflowHandle) => Promise<void>,
  chain: Parameters<typeof fakeException>[2] = 1_000,
): Scenario => {
  const exception = fakeException(row, async () => Date.now(), chain);
  return {
    activities: exception.activities,
    async run(client) {
      const handle = await client.workflow.start('reviewException', {
        taskQueue: TASK_QUEUE,
        workflowId: `exception/${exceptionId}`,
        args: [{ exceptionId, clientId: 'acme', businessDate: DAY }],
      });
      await play(exception, handle);
      return ended(handle);
    },
  };
};

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setTimeout(20);
}

async function attemptEnds(exception: FakeException, handle: WorkflowHandle, to: Partial<Review>): Promise<void> {
  exception.attemptEnded(to);
  await handle.signal('attempt-ended', { attempt: exception.row.endedAttempt });
}

/** Tells a reader whose quiet hours end so long after they are told first. */
function quietFor(ms: number): Activities['tellIncident'] {
  let endMs: number | null = null;
  return async () => {
    endMs ??= Date.now() + ms;
    return Date.now() < endMs ? endMs : null;
  };
}

const incidentScenario = (
  incidentId: string,
  row: Partial<IncidentLook>,
  play: (fake: FakeIncident, handle: WorkflowHandle) => Promise<void>,
  own: Partial<Activities> = {},
): Scenario => {
  const fake = fakeIncident(row, {}, own);
  return {
    activities: fake.activities,
    async run(client) {
      const handle = await client.workflow.start('handleIncident', {
        taskQueue: TASK_QUEUE,
        workflowId: `incident/${incidentId}`,
        args: [{ incidentId }],
      });
      await play(fake, handle);
      return ended(handle);
    },
  };
};

const step = { reason: 'on it', actor: 'ann', onBehalfOf: null } as const;
const decision = { verb: 'approve', args: {}, reason: 'seen', actor: 'ann', onBehalfOf: null } as const;
const counts = { records: 1, newRecords: 1, changedRecords: 0, goneRecords: 0 };
const heals = { id: 'found', kind: 'control_difference', subject: 'till', healing: true };

/** Every way that a process takes, by the name of the file with its history. */
export const SCENARIOS: Readonly<Record<string, () => Scenario>> = {
  'close-published': () => close('published', {}),
  'close-unchanged': () =>
    close('unchanged', {
      openAttempt: async () =>
        openedDay({ clientId: 'unchanged', businessDate: DAY, sources, settled: true, before: 'published' }),
      hasNews: async () => false,
    }),
  'close-from-reconcile': () => close('accepted', {}, { beginsAt: 'reconcile', cause: 'decision' }),
  'close-with-exception': () =>
    close('found', { publishDay: async () => publishedDay({ status: 'running', exceptions: [heals] }) }),
  'close-late-and-failing-source': () => {
    const looks = new Map<string, number>();
    return close('late', {
      captureSource: async ({ sourceId }) => {
        const look = (looks.get(sourceId) ?? 0) + 1;
        looks.set(sourceId, look);
        if (sourceId === 'shop' && look === 1)
          return { sourceId, status: 'absent', closedDay: false, waitUntil: Date.now() + 500, message: 'not there' };
        if (sourceId === 'bank' && look < 3)
          return { sourceId, status: 'failed', type: 'incomplete_file', transient: true, message: 'cut off' };
        return { sourceId, status: 'captured', ...counts };
      },
    });
  },
  'close-failed': () =>
    close('failed', {
      captureSource: async ({ sourceId }) => {
        if (sourceId === 'shop') throw ApplicationFailure.nonRetryable('the mapping has no field', 'MappingError');
        return { sourceId, status: 'absent', closedDay: false, waitUntil: Date.now() + 60_000, message: 'not there' };
      },
    }),
  'close-cancelled': () => {
    const absent = {
      status: 'absent',
      closedDay: false,
      waitUntil: Date.now() + 600_000,
      message: 'not there',
    } as const;
    const scenario = close('cancelled', { captureSource: async ({ sourceId }) => ({ sourceId, ...absent }) });
    return {
      ...scenario,
      async run(client) {
        const done = scenario.run(client);
        await setTimeout(1_000);
        await client.workflow.getHandle(`close/cancelled/${DAY}`).cancel();
        return done;
      },
    };
  },
  'review-healed': () =>
    review('healed', { state: 'healing', healing: true, rerunDelayMs: 100 }, async (exception, handle) => {
      await until(() => exception.of('startRerun').length > 0);
      await attemptEnds(exception, handle, { state: 'resolved', lastAttempt: 2 });
    }),
  'review-told-while-healing': () =>
    review('healing', { state: 'healing', healing: true, rerunDelayMs: 100 }, async (exception, handle) => {
      await until(() => exception.of('startRerun').length > 0);
      await attemptEnds(exception, handle, { lastAttempt: 2 });
      await until(() => exception.told.includes('asked/1'));
      await attemptEnds(exception, handle, { state: 'resolved', lastAttempt: 3 });
    }),
  'review-overdue-then-accepted': () =>
    review('overdue', { state: 'healing', healing: true, rerunDelayMs: 100 }, async (exception, handle) => {
      await until(() => exception.of('startRerun').length > 0);
      await attemptEnds(exception, handle, { lastAttempt: 2 });
      await until(() => exception.told.includes('overdue'));
      await handle.executeUpdate('decide', { args: [{ ...decision, decisionId: 'd1', expectedVersion: 1 }] });
      await until(() => exception.of('startDecided').length > 0);
      await attemptEnds(exception, handle, { state: 'resolved', lastAttempt: 3 });
    }),
  'review-climbed-and-given-away': () =>
    review(
      'climbed',
      {},
      async (exception, handle) => {
        const say = (verb: 'claim' | 'reassign' | 'comment' | 'rerun', decisionId: string, expectedVersion: number) =>
          handle.executeUpdate('decide', {
            args: [{ ...decision, verb, args: { to: 'ben' }, decisionId, expectedVersion }],
          });
        await until(() => exception.told.includes('reminder'));
        await say('claim', 'd1', 1);
        await until(() => exception.told.includes('deputy'));
        await say('comment', 'd2', 1);
        await until(() => exception.told.includes('overdue'));
        await say('reassign', 'd3', 1);
        await say('rerun', 'd4', 2);
        await until(() => exception.of('startDecided').length > 0);
        await attemptEnds(exception, handle, { state: 'resolved', lastAttempt: 2 });
      },
      (askedMs) => ({
        hand_over: askedMs + 300,
        reminder: askedMs + 600,
        deputy: askedMs + 1_500,
        overdue: askedMs + 2_400,
      }),
    ),
  'review-with-incident': () =>
    review('incident', {}, async (exception, handle) => {
      await until(() => exception.of('openIncident').length === 2);
      await handle.executeUpdate('decide', { args: [{ ...decision, decisionId: 'd1', expectedVersion: 1 }] });
      await until(() => exception.of('startDecided').length > 0);
      await attemptEnds(exception, handle, { state: 'resolved', lastAttempt: 2 });
    }),
  'review-rejected-by-signal': () =>
    review('rejected', {}, async (exception, handle) => {
      await until(() => exception.told.length > 0);
      await handle.signal('decide-signal', { verb: 'reject', reason: 'wrong file' });
    }),
  'incident-acknowledged-then-resolved': () =>
    incidentScenario('taken', { nextAlertMs: Date.now() + 500 }, async (fake, handle) => {
      await until(() => fake.of('alertAgain').length > 0);
      await handle.executeUpdate('decide', { args: [{ ...step, decisionId: 'd1', verb: 'ack' }] });
      await handle.signal('decide-signal', { verb: 'resolve', reason: 'a lost page' });
    }),
  'incident-spanning-clients': () =>
    incidentScenario('wide', { spansClients: true, state: 'acknowledged' }, async (fake, handle) => {
      await until(() => fake.of('leadMembers').length > 0);
      fake.change({ ended: true });
      await handle.signal('incident-changed');
    }),
  'incident-told-after-quiet-hours': () =>
    incidentScenario(
      'quiet',
      {},
      async (fake, handle) => {
        await until(() => fake.of('tellIncident').length > 1);
        fake.change({ ended: true });
        await handle.signal('incident-changed');
      },
      { tellIncident: quietFor(300) },
    ),
  backfill: () => ({
    activities: fakeActivities().activities,
    run: async (client) =>
      ended(
        await client.workflow.start('backfillCloses', {
          taskQueue: TASK_QUEUE,
          workflowId: 'backfill/range',
          args: [{ clientId: 'range', from: DAY, to: '2026-05-03', actor: 'ann' }],
        }),
      ),
  }),
  nightly: () => ({
    activities: fakeActivities().activities,
    async run(client) {
      await ensureSchedules(client, [{ clientId: 'night', at: '04:30', timezone: 'UTC' }]);
      const night = client.schedule.getHandle('nightly/night');
      await night.backfill({ start: new Date('2026-05-02T04:29:00Z'), end: new Date('2026-05-02T04:31:00Z') });
      for (let started: readonly unknown[] = []; started.length === 0; await setTimeout(100))
        started = (await night.describe()).info.recentActions;
      const workflowId = (await night.describe()).info.recentActions[0]!.action.workflow.workflowId;
      return ended(client.workflow.getHandle(workflowId));
    },
  }),
  'reconcile-installation': () => ({
    activities: {
      repairSchedules: async () => ({ wanted: 1, changed: [] }),
      endLostAttempts: async () => ({ open: 0, ended: [] }),
      repairReviews: async () => ({ open: 0, started: [] }),
      repairIncidents: async () => ({ unclosed: 0, started: [] }),
      copyHistories: async () => ({ copied: 1, until: '2026-05-01T00:00:00.000Z' }),
    },
    run: async (client) => ended(await reconcileNow(client)),
  }),
  'reconcile-installation-with-incidents': () => ({
    activities: {
      repairSchedules: async () => ({ wanted: 1, changed: [] }),
      endLostAttempts: async () => ({ open: 0, ended: [] }),
      repairReviews: async () => ({ open: 0, started: [] }),
      repairIncidents: async () => ({ unclosed: 0, started: [] }),
      copyHistories: async () => ({ copied: 1, until: '2026-05-01T00:00:00.000Z' }),
    },
    run: async (client) => ended(await reconcileNow(client)),
  }),
  'reconcile-installation-with-outboxes': () => ({
    activities: {
      repairSchedules: async () => ({ wanted: 1, changed: [] }),
      endLostAttempts: async () => ({ open: 0, ended: [] }),
      passHandoffDeadlines: async () => ({ missed: 0, forgiven: 0 }),
      repairReviews: async () => ({ open: 0, started: [] }),
      repairIncidents: async () => ({ unclosed: 0, started: [] }),
      repairOutboxes: async () => ({ filled: 1, woken: ['deliver/acme/hook'] }),
      copyHistories: async () => ({ copied: 1, until: '2026-05-01T00:00:00.000Z' }),
    },
    run: async (client) => ended(await reconcileNow(client)),
  }),
  'reconcile-installation-with-revisions': () => ({
    activities: {
      repairSchedules: async () => ({ wanted: 1, changed: [] }),
      endLostAttempts: async () => ({ open: 0, ended: [] }),
      passHandoffDeadlines: async () => ({ missed: 0, forgiven: 0 }),
      repairReviews: async () => ({ open: 0, started: [] }),
      repairIncidents: async () => ({ unclosed: 0, started: [] }),
      repairOutboxes: async () => ({ filled: 0, woken: [] }),
      repairRevisions: async () => ({ started: ['acme'] }),
      copyHistories: async () => ({ copied: 1, until: '2026-05-01T00:00:00.000Z' }),
    },
    run: async (client) => ended(await reconcileNow(client)),
  }),
  'two-days-closed-anew': () => ({
    activities: fakeActivities({
      planRevisions: async () => [
        { businessDate: '2026-05-01', beginsAt: 'normalize' },
        { businessDate: '2026-05-02', beginsAt: 'capture' },
      ],
    }).activities,
    async run(client) {
      await startRevisions(client, 'acme');
      return ended(client.workflow.getHandle('revise/acme'));
    },
  }),
  'nightly-then-revisions': () => SCENARIOS.nightly!(),
  'outbox-of-two-deliveries': () => {
    const left = ['2026-05-01', '2026-05-02'];
    return {
      activities: fakeActivities({
        sendQueued: async () => {
          const businessDate = left.shift();
          return businessDate === undefined ? null : { businessDate, exceptions: [] };
        },
      }).activities,
      async run(client) {
        await wakeOutbox(client, { clientId: 'acme', destinationId: 'hook' });
        return ended(client.workflow.getHandle('deliver/acme/hook'));
      },
    };
  },
};
