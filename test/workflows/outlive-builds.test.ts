import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { Step } from '../../domain/exception/ladder.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { type FakeException, fakeException } from '../support/fake-review.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker, workflowBundle } from '../support/temporal.ts';
import type { Build } from '../support/workflow-builds.ts';

const DAY_MS = 86_400_000;
const SECOND = 'second build: before a look';
const THIRD = 'third build: before a step of the chain';
const NON_DETERMINISTIC =
  proto.temporal.api.enums.v1.WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR;

type Waiting = {
  exception: FakeException;
  handle: WorkflowHandle;
  /** Steps that builds have added and taken. */
  steps: string[];
  /** How many days after the question each step of the chain was due when it was taken. */
  takenOnDay: Partial<Record<Step, number>>;
  /** Serves the exception with a build while `work` plays. */
  underBuild(build: Build, work: () => Promise<void>): Promise<void>;
  skipToDay(day: number): Promise<void>;
};

/** A test of an exception whose owner is reminded after 30 days, whose deputy is called after 60, and which is overdue after 90. */
const waitingTest = (name: string, play: (waiting: Waiting) => Promise<void>) =>
  timeSkippingTest(name, async (environment: TestWorkflowEnvironment) => {
    const steps: string[] = [];
    const takenOnDay: Waiting['takenOnDay'] = {};
    let askedMs = 0;
    const exception = fakeException(
      {},
      () => environment.currentTimeMs(),
      (nowMs) => {
        askedMs = nowMs;
        const day = (days: number) => nowMs + days * DAY_MS;
        return { hand_over: null, reminder: day(30), deputy: day(60), overdue: day(90) };
      },
    );
    const { climb } = exception.activities;
    exception.activities.climb = async (due) => {
      expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(due.atMs);
      takenOnDay[due.step] = (due.atMs - askedMs) / DAY_MS;
      return climb(due);
    };
    const noteStep = async (step: string) => void steps.push(step);
    const handle = await environment.client.workflow.start('reviewException', {
      taskQueue: TASK_QUEUE,
      workflowId: 'exception/e1',
      args: [{ exceptionId: 'e1', clientId: 'acme', businessDate: '2026-05-01' }],
    });
    await play({
      exception,
      handle,
      steps,
      takenOnDay,
      // The server that skips time does not notice that the worker is gone which has a run in memory.
      underBuild: (build, work) =>
        withWorker(environment, { ...exception.activities, noteStep }, work, { build, maxCachedWorkflows: 0 }),
      skipToDay: async (day) => skip(environment, handle, askedMs + day * DAY_MS - (await environment.currentTimeMs())),
    });
  });

const approve = { decisionId: 'd1', expectedVersion: 1, verb: 'approve', args: {}, reason: 'agreed', actor: 'ann' };

waitingTest(
  'an exception waits 90 days for a decision, across two changes of the workflow code, and finishes right',
  async ({ exception, handle, steps, takenOnDay, underBuild, skipToDay }) => {
    const { told } = exception;
    await underBuild('present', async () => {
      await until(() => told.includes('asked/1'));
      await skipToDay(20);
    });
    const looksByPresent = exception.of('loadReview').length;
    await underBuild('second', async () => {
      await skipToDay(29);
      expect([told, steps]).toEqual([['asked/1'], []]);
      await skipToDay(31);
      await until(() => told.includes('reminder'));
    });
    const bySecond = steps.splice(0);
    await underBuild('third', async () => {
      await skipToDay(59);
      expect(steps).toEqual([]);
      await skipToDay(61);
      await until(() => told.includes('deputy'));
      await skipToDay(91);
      await until(() => told.includes('overdue'));
      const answer = await handle.executeUpdate('decide', { args: [{ ...approve, onBehalfOf: null }] });
      expect(answer).toMatchObject({ accepted: true, state: 'deciding' });
      await until(() => exception.of('startDecided').length > 0);
      exception.attemptEnded({ state: 'resolved', lastAttempt: 2 });
      await handle.signal('attempt-ended', { attempt: 2 });
      expect(await resultOf(handle)).toBe('resolved');
    });
    expect(takenOnDay).toEqual({ reminder: 30, deputy: 60, overdue: 90 });
    expect(told).toEqual(['asked/1', 'reminder', 'deputy', 'overdue', 'ended']);
    expect(exception.of('askOwner')).toHaveLength(1);
    expect(exception.of('recordDecision')).toHaveLength(1);
    // What a build adds it does from its first turn on, and of no turn that was before it.
    expect(bySecond).toEqual([SECOND]);
    expect(steps.slice(0, 4)).toEqual([THIRD, SECOND, THIRD, SECOND]);
    expect(new Set(steps.slice(4))).toEqual(new Set([SECOND]));
    expect(bySecond.length + steps.length - 2).toBe(exception.of('loadReview').length - looksByPresent);
    const history = await handle.fetchHistory();
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle('third') }, history);
  },
);

waitingTest(
  'a build that changes the order of a waiting exception without a patch is stopped, and the right one goes on',
  async ({ exception, handle, steps, takenOnDay, underBuild, skipToDay }) => {
    const { told } = exception;
    const failures = async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes?.cause ?? []);
    };
    await underBuild('present', async () => {
      await until(() => told.includes('asked/1'));
      await skipToDay(20);
    });
    await underBuild('careless', async () => {
      // The clock stands still while a turn fails, so it is woken by hand.
      await handle.signal('attempt-ended', { attempt: 0 });
      await until(async () => (await failures()).length > 0);
      expect(new Set(await failures())).toEqual(new Set([NON_DETERMINISTIC]));
      expect((await handle.describe()).status.name).toBe('RUNNING');
    });
    expect([told, steps]).toEqual([['asked/1'], []]);
    await underBuild('second', async () => {
      await skipToDay(31);
      await until(() => told.includes('reminder'));
      expect(takenOnDay).toEqual({ reminder: 30 });
    });
    expect(new Set(steps)).toEqual(new Set([SECOND]));
  },
);
