import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Activities } from '../../activities/index.ts';
import type { CloseInput } from '../../domain/close.ts';
import { backfillWorkflowId } from '../../domain/ids.ts';
import { startOrJoinClose, TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { type Fakes, fakeActivities, openedDay } from '../support/fake-activities.ts';
import { devServer, devServerTest, startDevServer, withWorker } from '../support/temporal.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  if (devServer) environment = await startDevServer();
});
afterAll(async () => environment?.teardown());

const DAY = '2026-05-01';
const inputOf = (clientId: string): CloseInput => ({
  clientId,
  businessDate: DAY,
  beginsAt: 'capture',
  cause: 'manual',
  actor: 'ann',
});
const endingOf = (fakes: Fakes) => fakes.of('finishAttempt').map(([, ending]) => ending);
const handleOf = (clientId: string, date = DAY) => environment.client.workflow.getHandle(`close/${clientId}/${date}`);

type Stage = Exclude<keyof Activities, 'planNight' | 'loadReview'>;

/** Cancels a close while one of its activities runs, and gives back its calls and how its run ended. */
async function cancelledIn(stage: Stage, own: Partial<Activities> = {}): Promise<{ fakes: Fakes; status: string }> {
  const clientId = `in-${stage.toLowerCase()}`;
  const usual = { ...fakeActivities().activities, ...own }[stage] as (...args: unknown[]) => Promise<unknown>;
  let atWork = false;
  const cancelling = {
    [stage]: async (...args: unknown[]) => {
      atWork = true;
      await handleOf(clientId).cancel();
      await setTimeout(300);
      atWork = false;
      return usual(...args);
    },
  };
  const finishing: Partial<Activities> = {
    finishAttempt: async (_, ending) => {
      if (atWork) throw new TypeError('a stage still works while its attempt ends');
      return ending.how === 'finished' ? ending.status : 'cancelled';
    },
  };
  const fakes = fakeActivities({ ...finishing, ...own, ...cancelling });
  const status = await withWorker(environment, fakes.activities, async () => {
    await startOrJoinClose(environment.client, inputOf(clientId));
    const ended = handleOf(clientId).result();
    await ended.catch(() => undefined);
    return (await handleOf(clientId).describe()).status.name;
  });
  return { fakes, status };
}

describe('a close that is cancelled', () => {
  const stages = [
    'openAttempt',
    'captureSource',
    'captureTotals',
    'normalizeDay',
    'validateDay',
    'enrichDay',
    'reconcileDay',
    'publishDay',
  ] as const;
  for (const stage of stages)
    devServerTest(`in ${stage} ends its attempt as cancelled, once`, async () => {
      const { fakes, status } = await cancelledIn(stage);
      expect(endingOf(fakes).map((one) => one.how)).toEqual(['cancelled']);
      expect(status).toBe('CANCELLED');
      expect(fakes.names().at(-1)).toBe('finishAttempt');
    });

  for (const stage of ['deliverReport', 'finishAttempt'] as const)
    devServerTest(`in ${stage} is done: the cancellation comes too late`, async () => {
      const { fakes, status } = await cancelledIn(stage);
      expect(endingOf(fakes)).toEqual([{ how: 'finished', status: 'published' }]);
      expect(status).toBe('COMPLETED');
    });

  devServerTest('while it publishes still has its exceptions reviewed', async () => {
    const exceptions = [{ id: 'cancelled-one', kind: 'control_difference', subject: 'till', healing: false }];
    const published = { inputsChanged: false, status: 'waiting', published: 0, withheld: 1, exceptions } as const;
    const { fakes } = await cancelledIn('publishDay', { publishDay: async () => published });
    expect(endingOf(fakes).map((one) => one.how)).toEqual(['cancelled']);
    const review = await environment.client.workflow.getHandle('exception/cancelled-one').describe();
    expect(review.status.name).toBe('RUNNING');
  });
});

devServerTest('a source that breaks the attempt leaves no other one waiting behind it', async () => {
  const clientId = 'broken-source';
  const retry = { firstMs: 1_000, coefficient: 2, longestMs: 60_000, maximumAttempts: 3 };
  const sources = ['shop', 'bank'].map((id) => ({ id, retry }));
  const absent = {
    status: 'absent',
    closedDay: false,
    waitUntil: Date.now() + 3_600_000,
    message: 'not there',
  } as const;
  const fakes = fakeActivities({
    openAttempt: async () => openedDay({ clientId, businessDate: DAY, sources }),
    captureSource: async ({ sourceId }) => {
      if (sourceId === 'bank') return { sourceId, ...absent };
      await setTimeout(500);
      throw ApplicationFailure.nonRetryable('no such model', 'Broken');
    },
  });
  await withWorker(environment, fakes.activities, async () => {
    await startOrJoinClose(environment.client, inputOf(clientId));
    await expect(handleOf(clientId).result()).rejects.toMatchObject({ cause: { cause: { type: 'Broken' } } });
  });
  expect(endingOf(fakes)).toEqual([{ how: 'failed', error: 'no such model' }]);
  const { events = [] } = await handleOf(clientId).fetchHistory();
  const count = (has: (event: NonNullable<typeof events>[number]) => unknown) => events?.filter(has).length;
  expect(count((event) => event.timerStartedEventAttributes)).toBe(1);
  expect(count((event) => event.timerCanceledEventAttributes)).toBe(1);
});

describe('a backfill', () => {
  const backfill = (clientId: string, to: string) =>
    environment.client.workflow.start('backfillCloses', {
      taskQueue: TASK_QUEUE,
      workflowId: backfillWorkflowId(clientId, DAY, to),
      args: [{ clientId, from: DAY, to, actor: 'ann' }],
    });
  const datesOf = (fakes: Fakes): string[] => fakes.of('openAttempt').map(([input]) => input.businessDate);

  devServerTest('closes its days in order, past one that fails and one that is cancelled by itself', async () => {
    const clientId = 'past-failures';
    const fakes = fakeActivities({
      normalizeDay: async ({ businessDate }) => {
        if (businessDate === '2026-05-02') throw new TypeError('a defect');
        if (businessDate === '2026-05-03') await handleOf(clientId, businessDate).cancel();
        return { records: 0, posted: 0, reversed: 0, quarantined: 0 };
      },
    });
    await withWorker(environment, fakes.activities, async () => (await backfill(clientId, '2026-05-04')).result());
    expect(datesOf(fakes)).toEqual(['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04']);
    expect(endingOf(fakes).map((one) => one.how)).toEqual(['finished', 'failed', 'cancelled', 'finished']);
  });

  devServerTest('that is cancelled ends the day that runs, and begins no other', async () => {
    const clientId = 'cancelled-range';
    const fakes = fakeActivities({
      normalizeDay: async () => {
        await environment.client.workflow.getHandle(backfillWorkflowId(clientId, DAY, '2026-05-03')).cancel();
        return { records: 0, posted: 0, reversed: 0, quarantined: 0 };
      },
    });
    await withWorker(environment, fakes.activities, async () => {
      const run = await backfill(clientId, '2026-05-03');
      await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
    expect(datesOf(fakes)).toEqual([DAY]);
    expect(endingOf(fakes).map((one) => one.how)).toEqual(['cancelled']);
  });

  devServerTest('waits for an attempt that runs already, then captures the day once more', async () => {
    const clientId = 'joined';
    const fakes = fakeActivities();
    const { client } = environment;
    await startOrJoinClose(client, inputOf(clientId));
    const run = await backfill(clientId, DAY);
    await withWorker(environment, fakes.activities, () => run.result());
    expect(fakes.of('openAttempt').map(([input]) => input.cause)).toEqual(['manual', 'backfill']);
  });
});

devServerTest('a close that is terminated leaves its day open, to the care of the installation', async () => {
  const clientId = 'terminated';
  const fakes = fakeActivities({
    enrichDay: async () => {
      await handleOf(clientId).terminate('gone');
      return { values: 0 };
    },
  });
  await withWorker(environment, fakes.activities, async () => {
    await startOrJoinClose(environment.client, inputOf(clientId));
    await expect(handleOf(clientId).result()).rejects.toMatchObject({ cause: { name: 'TerminatedFailure' } });
  });
  expect(fakes.names()).not.toContain('finishAttempt');
});
