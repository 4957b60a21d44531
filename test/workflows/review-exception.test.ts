import { type WorkflowHandle, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import type { Review } from '../../activities/review/load-review.ts';
import type { DecideAnswer, DecideInput } from '../../domain/exception/decision.ts';
import type { ExceptionState } from '../../domain/exception/table.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { type FakeException, fakeException } from '../support/fake-review.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Desk = FakeException & {
  handle: WorkflowHandle;
  /** Lets time pass once the review only waits. */
  skip(ms: number): Promise<void>;
  result(): Promise<ExceptionState>;
};
type Case = { row?: Partial<Review>; decideWithinMs?: number; own?: Partial<Activities> };

/** A test of one review of a fake exception, in which `work` plays the people and the attempts. */
const reviewTest = (
  name: string,
  { row = {}, decideWithinMs = DAY_MS, own }: Case,
  work: (desk: Desk) => Promise<void>,
) =>
  timeSkippingTest(name, async (environment) => {
    const exception = fakeException(row, () => environment.currentTimeMs(), decideWithinMs, own);
    await withWorker(environment, exception.activities, async () => {
      const handle = await environment.client.workflow.start('reviewException', {
        taskQueue: TASK_QUEUE,
        workflowId: 'exception/e1',
        args: [{ exceptionId: 'e1', clientId: 'acme', businessDate: '2026-05-01' }],
      });
      const played = {
        handle,
        skip: (ms: number) => skip(environment, handle, ms),
        result: () => resultOf<ExceptionState>(handle),
      };
      await work(Object.assign(Object.create(exception) as FakeException, played));
    });
  });

const decision = (own: Partial<DecideInput> = {}): DecideInput => ({
  decisionId: 'd1',
  expectedVersion: 1,
  verb: 'approve',
  args: {},
  reason: 'the gateway was down',
  actor: 'ann',
  onBehalfOf: null,
  ...own,
});
/** Sends a decision; anew under its id where this server has lost the update on its way, as a client would. */
async function decide(desk: Desk, input = decision()): Promise<DecideAnswer> {
  try {
    return await desk.handle.executeUpdate('decide', { args: [input] });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return decide(desk, input);
  }
}

/** The attempt that carries a decision out, or heals, ends and has found nothing more. */
async function resolve(desk: Desk): Promise<void> {
  desk.attemptEnded({ state: 'resolved', lastAttempt: desk.row.endedAttempt + 1 });
  await desk.handle.signal('attempt-ended', { attempt: desk.row.endedAttempt });
}

describe('an exception', () => {
  reviewTest(
    'waits ninety days, is overdue then, and still takes a decision',
    { decideWithinMs: 90 * DAY_MS },
    async (desk) => {
      await until(() => desk.told.length > 0);
      expect(desk.row.state).toBe('awaiting_decision');
      const deadlineMs = desk.row.deadlineMs!;
      await desk.skip(91 * DAY_MS);
      await until(() => desk.told.includes('overdue'));
      const { events = [] } = await desk.handle.fetchHistory();
      const timer = events?.find((event) => event.timerStartedEventAttributes);
      const fired = events?.find((event) => event.timerFiredEventAttributes);
      const secondsOf = (time?: { seconds?: unknown } | null) => Number(time?.seconds);
      const due = secondsOf(timer?.eventTime) + secondsOf(timer?.timerStartedEventAttributes?.startToFireTimeout);
      expect(Math.abs(due - deadlineMs / 1000)).toBeLessThan(3);
      expect(secondsOf(fired?.eventTime)).toBeGreaterThanOrEqual(due);
      const escalated = events?.findIndex(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'climb',
      );
      expect(escalated).toBeGreaterThan(events!.indexOf(fired!));
      expect(await decide(desk)).toMatchObject({ accepted: true, state: 'deciding' });
      await until(() => desk.of('startDecided').length > 0);
      await resolve(desk);
      expect(await desk.result()).toBe('resolved');
      expect(desk.told).toEqual(['asked/1', 'overdue', 'ended']);
    },
  );

  const healing = { row: { state: 'healing', healing: true, rerunDelayMs: 1_000 } } as const;
  reviewTest('is run anew first, and its owner is asked when that has not healed it', healing, async (desk) => {
    await until(() => desk.of('startRerun').length > 0);
    expect(desk.of('startRerun')).toEqual([[{ exceptionId: 'e1', reruns: 0, after: 1 }]]);
    expect(desk.names()).not.toContain('askOwner');
    expect(desk.told).toEqual(['healing']);
    desk.attemptEnded({ lastAttempt: 2 });
    await desk.handle.signal('attempt-ended', { attempt: 2 });
    await until(() => desk.told.length > 1);
    expect([desk.row.state, desk.told]).toEqual(['awaiting_decision', ['healing', 'asked/1']]);
    expect(desk.of('startRerun')).toHaveLength(1);
  });

  const twoReruns = { row: healing.row, own: { startRerun: async () => undefined } };
  reviewTest('is run anew once more where the re-run failed before it looked', twoReruns, async (desk) => {
    await until(() => desk.of('startRerun').length > 0);
    desk.attemptEnded({ reruns: 1 });
    await desk.handle.signal('attempt-ended', { attempt: 2 });
    await until(() => desk.of('startRerun').length > 1);
    expect(desk.of('startRerun')[1]).toEqual([{ exceptionId: 'e1', reruns: 1, after: 2 }]);
    expect(desk.told).toEqual(['healing']);
  });

  reviewTest('resolves by itself where the re-run no longer finds it: nobody is asked', healing, async (desk) => {
    await until(() => desk.of('startRerun').length > 0);
    await resolve(desk);
    expect(await desk.result()).toBe('resolved');
    expect(desk.names()).not.toContain('askOwner');
    expect(desk.told).toEqual(['healing', 'ended']);
  });

  reviewTest(
    'is not asked about while a newer attempt looks for it',
    { row: { state: 'healing', underWay: true } },
    async (desk) => {
      await until(() => desk.of('loadReview').length > 0);
      await desk.skip(10 * MINUTE_MS);
      expect(desk.names()).not.toContain('askOwner');
      await resolve(desk);
      expect(await desk.result()).toBe('resolved');
    },
  );

  reviewTest('whose attempt failed without looking at it does not turn in circles', {}, async (desk) => {
    await until(() => desk.told.length > 0);
    desk.attemptEnded({});
    await desk.handle.signal('attempt-ended', { attempt: 2 });
    await until(() => desk.of('loadReview').length > 2);
    await desk.skip(MINUTE_MS);
    expect(desk.of('loadReview')).toHaveLength(3);
  });

  const noMail = { own: { sendNotice: () => Promise.reject(new Error('connect ECONNREFUSED')) } };
  reviewTest('hears decisions while the mail server is away', noMail, async (desk) => {
    await until(() => desk.of('sendNotice').length > 1);
    expect(await decide(desk, decision({ verb: 'reject' }))).toMatchObject({ accepted: true, state: 'rejected' });
  });
});

describe('a decision', () => {
  reviewTest('that is sent twice is one decision, answered twice', {}, async (desk) => {
    const answers = await Promise.all([decide(desk), decide(desk)]);
    expect(answers).toMatchObject([{ accepted: true }, { accepted: true }]);
    await until(() => desk.of('startDecided').length > 0);
    expect(await decide(desk)).toMatchObject({ accepted: true });
    expect(desk.row.version).toBe(2);
  });

  reviewTest(
    'on a state that is no more is refused before it enters the history',
    { row: { version: 3 } },
    async (desk) => {
      await until(() => desk.told.length > 0);
      const refused = await decide(desk, decision({ expectedVersion: 2 })).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
      expect(refused).toMatchObject({
        cause: { type: 'StaleDecision', details: [{ state: 'awaiting_decision', version: 3 }] },
      });
      const { events } = await desk.handle.fetchHistory();
      expect(events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toBe(false);
      expect(desk.names()).not.toContain('recordDecision');
    },
  );

  reviewTest('that meets another at one instant: one is taken, the other is told so', {}, async (desk) => {
    const both = [decision(), decision({ decisionId: 'd2', verb: 'reject', actor: 'ben' })];
    const answers = await Promise.all(both.map((one) => decide(desk, one).catch(() => ({ accepted: false }))));
    expect(answers.filter((one) => one.accepted)).toHaveLength(1);
    expect(desk.row.version).toBe(2);
  });

  reviewTest('that follows another one at once is judged by what that one made of it', {}, async (desk) => {
    await until(() => desk.told.length > 0);
    const given = decision({ verb: 'reassign', args: { to: 'ben' } });
    expect(await decide(desk, given)).toMatchObject({ accepted: true, version: 2 });
    const next = decision({ decisionId: 'd2', verb: 'reject', expectedVersion: 2, actor: 'ben' });
    expect(await decide(desk, next)).toMatchObject({ accepted: true, state: 'rejected' });
  });

  const broken = {
    row: { state: 'overdue', version: 3 },
    own: { recordDecision: () => Promise.reject(ApplicationFailure.nonRetryable('a column is missing')) },
  } as const;
  reviewTest('that can never be recorded is refused with what the exception is', broken, async (desk) => {
    const answer = await decide(desk, decision({ expectedVersion: 3 }));
    expect(answer).toEqual({
      accepted: false,
      state: 'overdue',
      version: 3,
      message: 'The decision could not be recorded: a column is missing',
    });
  });

  reviewTest('by signal needs no more than a verb; one that names none is left aside', {}, async (desk) => {
    await until(() => desk.told.length > 0);
    await desk.handle.signal('decide-signal');
    await desk.handle.signal('decide-signal', { verb: 'burn' });
    await desk.handle.signal('decide-signal', { verb: 'reject', reason: 'wrong file' });
    expect(await desk.result()).toBe('rejected');
    const { runId } = await desk.handle.describe();
    expect(desk.of('recordDecision')).toMatchObject([
      [{ verb: 'reject', reason: 'wrong file', via: 'signal', decisionId: `signal/${runId}/3`, expectedVersion: 1 }],
    ]);
  });
});

describe('a decided exception', () => {
  let running = true;
  const busy = {
    row: { underWay: true },
    own: {
      startDecided: async () => {
        if (running) throw ApplicationFailure.create({ type: 'AttemptRunning', nonRetryable: true });
      },
    },
  };
  reviewTest('waits for the attempt that runs: its end is heard, then its own begins', busy, async (desk) => {
    await until(() => desk.told.length > 0);
    await decide(desk);
    await until(() => desk.of('startDecided').length === 1);
    running = false;
    desk.attemptEnded({ underWay: false });
    await desk.handle.signal('attempt-ended', { attempt: 2 });
    await until(() => desk.of('startDecided').length === 2);
    await resolve(desk);
    expect(await desk.result()).toBe('resolved');
  });

  reviewTest('whose attempt was cancelled goes back to its owner', {}, async (desk) => {
    await until(() => desk.told.length > 0);
    await decide(desk);
    await until(() => desk.of('startDecided').length > 0);
    desk.attemptEnded({ state: 'awaiting_decision', version: 3, deadlineMs: null, decided: null });
    await desk.handle.signal('attempt-ended', { attempt: 2 });
    await until(() => desk.told.length > 1);
    const again = decision({ decisionId: 'd2', expectedVersion: 3, verb: 'reject' });
    expect(await decide(desk, again)).toMatchObject({ accepted: true });
  });

  let looks = 0;
  let opened: Desk | undefined;
  const reopening: Case = {
    own: {
      loadReview: async () => {
        looks += 1;
        if (looks > 1) return opened!.row;
        await opened!.handle.signal('attempt-ended', { attempt: 5 });
        return { ...opened!.row, state: 'resolved', lastAttempt: 4 };
      },
    },
  };
  reviewTest('that opens again in its last moment is not left alone', reopening, async (desk) => {
    opened = desk;
    await until(() => desk.told.length > 0);
    expect((await desk.handle.describe()).status.name).toBe('RUNNING');
  });
});
