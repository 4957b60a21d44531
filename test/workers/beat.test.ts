import { once } from 'node:events';
import { MockActivityEnvironment, type TestWorkflowEnvironment } from '@temporalio/testing';
import { closeOptions } from '../../infra/temporal/start-close.ts';
import { beatWhileRunning } from '../../workers/beat.ts';
import { fakeActivities } from '../support/fake-activities.ts';
import { devServerTest, resultOf, startDevServer, withWorker } from '../support/temporal.ts';

/** A worker that was killed is noticed within this, whatever it was doing. */
const NOTICED_WITHIN_SECONDS = 30;

test('every activity beats while it runs', async () => {
  const activity = new MockActivityEnvironment();
  const beaten = once(activity, 'heartbeat');
  await activity.run(() => beatWhileRunning.execute!({ args: [], headers: {} }, () => beaten));
});

async function heartbeatTimeouts(environment: TestWorkflowEnvironment): Promise<number[]> {
  const handle = await environment.client.workflow.start(
    'closeRevenue',
    closeOptions({ clientId: 'acme', businessDate: '2026-05-01', beginsAt: 'capture', cause: 'manual', actor: 'ann' }),
  );
  await withWorker(environment, fakeActivities().activities, () => resultOf(handle));
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [Number(scheduled.heartbeatTimeout?.seconds ?? 0)] : [],
  );
}

devServerTest('every activity of a close is missed soon where it does not beat', async () => {
  const environment = await startDevServer();
  try {
    const seconds = await heartbeatTimeouts(environment);
    expect(seconds.length).toBeGreaterThan(8);
    for (const one of seconds) {
      expect(one).toBeGreaterThan(0);
      expect(one).toBeLessThanOrEqual(NOTICED_WITHIN_SECONDS);
    }
  } finally {
    await environment.teardown();
  }
});
