import type { WorkflowFailedError, WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/index.ts';
import type { CloseInput, CloseOutcome } from '../../domain/close.ts';
import { closeOptions } from '../../infra/temporal/start-close.ts';
import { type Fakes, fakeActivities, openedDay, publishedDay } from '../support/fake-activities.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';

const MINUTE_MS = 60_000;
const input: CloseInput = {
  clientId: 'acme',
  businessDate: '2026-05-01',
  beginsAt: 'capture',
  cause: 'manual',
  actor: 'ann',
};
const retry = { firstMs: 1_000, coefficient: 2, longestMs: 60_000, maximumAttempts: 3 };
const sources = ['shop', 'bank'].map((id) => ({ id, retry }));
const day = openedDay({ clientId: 'acme', businessDate: '2026-05-01', sources });

type Close = Fakes & { environment: TestWorkflowEnvironment; handle: WorkflowHandle; result(): Promise<CloseOutcome> };

/** A test of one close with fake activities. */
const closeTest = (
  name: string,
  own: Partial<Activities>,
  work: (close: Close) => Promise<void>,
  how: Partial<CloseInput> = {},
) =>
  timeSkippingTest(name, async (environment) => {
    const fakes = fakeActivities({
      openAttempt: async () => ({ ...day, beginsAt: how.beginsAt ?? 'capture' }),
      ...own,
    });
    await withWorker(environment, fakes.activities, async () => {
      const handle = await environment.client.workflow.start('closeRevenue', closeOptions({ ...input, ...how }));
      await work({ ...fakes, environment, handle, result: () => resultOf(handle) });
    });
  });

const failureOf = (close: Close): Promise<WorkflowFailedError> =>
  close.result().then(
    () => Promise.reject(new Error('it did not fail')),
    (error: WorkflowFailedError) => error,
  );
const endingOf = (close: Close) => close.of('finishAttempt').map(([, ending]) => ending);

describe('a close', () => {
  closeTest('goes from capture to the report, and ends its attempt', {}, async (close) => {
    expect(await close.result()).toEqual({ attempt: 1, status: 'published' });
    const order = ['openAttempt', 'captureSource', 'captureSource', 'captureTotals', 'normalizeDay', 'validateDay'];
    expect(close.names()).toEqual([
      ...order,
      ...['enrichDay', 'reconcileDay', 'publishDay', 'deliverReport', 'finishAttempt'],
    ]);
    expect(endingOf(close)).toEqual([{ how: 'finished', status: 'published' }]);
  });

  closeTest(
    'of a settled day ends after capture where nothing is new',
    { openAttempt: async () => ({ ...day, settled: true, before: 'published' }), hasNews: async () => false },
    async (close) => {
      await close.result();
      expect(close.names()).not.toContain('normalizeDay');
      expect(endingOf(close)).toEqual([{ how: 'unchanged' }]);
    },
  );

  closeTest(
    'that a person has accepted begins at reconcile',
    {},
    async (close) => {
      await close.result();
      expect(close.names()).not.toContain('captureSource');
      expect(close.names().slice(0, 3)).toEqual(['openAttempt', 'carryOverDay', 'reconcileDay']);
    },
    { beginsAt: 'reconcile' },
  );

  const found = {
    status: 'running' as const,
    exceptions: [{ id: 'e1', kind: 'control_difference', subject: 'till', healing: true }],
  };
  closeTest(
    'that heals by itself sends no report yet; its exception has a review',
    { publishDay: async () => publishedDay(found) },
    async (close) => {
      expect(await close.result()).toMatchObject({ status: 'running' });
      expect(close.names()).not.toContain('deliverReport');
      await until(() => close.of('loadReview').length > 0);
      const review = await close.environment.client.workflow.getHandle('exception/e1').describe();
      expect(review.status.name).toBe('RUNNING');
    },
  );

  let publishes = 0;
  const moving = {
    publishDay: async () => {
      publishes += 1;
      return publishedDay({ inputsChanged: publishes === 1 });
    },
  };
  closeTest('whose input moves while it publishes captures and computes anew', moving, async (close) => {
    await close.result();
    expect(close.of('captureSource')).toHaveLength(4);
    expect(close.of('publishDay')).toHaveLength(2);
  });
});

describe('a source', () => {
  let looks = 0;
  const late: Partial<Activities> = {
    captureSource: async ({ sourceId }) => {
      looks += sourceId === 'bank' ? 1 : 0;
      if (sourceId === 'bank' && looks < 4)
        return {
          sourceId,
          status: 'absent',
          closedDay: false,
          waitUntil: Date.now() + 365 * 24 * 60 * MINUTE_MS,
          message: 'not there',
        };
      return { sourceId, status: 'captured', records: 1, newRecords: 1, changedRecords: 0, goneRecords: 0 };
    },
  };
  closeTest('that is not there before its time is waited for, which burns no retry', late, async (close) => {
    expect(await skipThrough(close)).toMatchObject({ status: 'published' });
    expect(close.of('captureSource')).toHaveLength(5);
    const [validated] = close.of('validateDay')[0]!;
    expect(validated.captured.map((one) => one.status)).toEqual(['captured', 'captured']);
  });

  const failing: Partial<Activities> = {
    captureSource: async ({ sourceId }) =>
      sourceId === 'bank'
        ? { sourceId, status: 'failed', type: 'incomplete_file', transient: true, message: 'cut off' }
        : { sourceId, status: 'captured', records: 1, newRecords: 1, changedRecords: 0, goneRecords: 0 },
  };
  closeTest(
    'that fails is tried as often as its contract says, with its waits, and is then a finding',
    failing,
    async (close) => {
      await close.result();
      expect(close.of('captureSource').filter(([one]) => one.sourceId === 'bank')).toHaveLength(3);
      const { events } = await close.handle.fetchHistory();
      const waits = (events ?? []).flatMap(
        (event) => event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? [],
      );
      expect(waits.map(Number)).toEqual([1, 2]);
      expect(close.names()).toContain('publishDay');
    },
  );
});

/** Lets five-minute looks pass. */
async function skipThrough(close: Close): Promise<CloseOutcome> {
  for (let looks = 0; looks < 3; looks += 1) {
    await until(() => close.of('captureSource').length >= looks + 2);
    await skip(close.environment, close.handle, 5 * MINUTE_MS);
  }
  return close.result();
}
describe('a close whose activity fails for good', () => {
  const broken: Partial<Activities> = {
    normalizeDay: async () => {
      throw ApplicationFailure.nonRetryable('the mapping has no field', 'MappingError');
    },
  };
  closeTest('ends its attempt as failed, in the words of the failure', broken, async (close) => {
    await failureOf(close);
    expect(endingOf(close)).toEqual([{ how: 'failed', error: 'the mapping has no field' }]);
  });
});
