import { type WorkflowHandle, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { IncidentLook } from '../../activities/incident/load.ts';
import type { Activities } from '../../activities/index.ts';
import type { IncidentAnswer, IncidentInput } from '../../domain/incident/decision.ts';
import type { IncidentState } from '../../domain/incident/states.ts';
import { TASK_QUEUE } from '../../infra/temporal/start-close.ts';
import { type FakeIncident, fakeIncident } from '../support/fake-incident.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Desk = FakeIncident & {
  handle: WorkflowHandle;
  skip(ms: number): Promise<void>;
  result(): Promise<IncidentState>;
};
type Case = {
  row?: Partial<IncidentLook>;
  /** Minutes before the second alert, before the third, and so on. */
  realertMinutes?: readonly number[];
  own?: Partial<Activities>;
  /** Quiet hours of its reader end so long after the first telling. */
  quietMs?: number;
};

/** A test of one incident in memory, in which `work` plays the people and the exceptions. */
const incidentTest = (
  name: string,
  { row = {}, realertMinutes, own, quietMs = 0 }: Case,
  work: (desk: Desk) => Promise<void>,
) =>
  timeSkippingTest(name, async (environment) => {
    const nowMs = () => environment.currentTimeMs();
    const realertMs = (alerts: number) => (realertMinutes?.[alerts - 1] ?? 0) * MINUTE_MS || null;
    const first = realertMs(1);
    const nextAlertMs = first === null ? null : (await nowMs()) + first;
    let quietUntilMs: number | null = null;
    const tellIncident = async (): Promise<number | null> => {
      quietUntilMs ??= (await nowMs()) + quietMs;
      return (await nowMs()) < quietUntilMs ? quietUntilMs : null;
    };
    const incident = fakeIncident({ nextAlertMs, ...row }, { realertMs, nowMs }, { tellIncident, ...own });
    await withWorker(environment, incident.activities, async () => {
      const handle = await environment.client.workflow.start('handleIncident', {
        taskQueue: TASK_QUEUE,
        workflowId: 'incident/i1',
        args: [{ incidentId: 'i1' }],
      });
      const played = {
        handle,
        skip: (ms: number) => skip(environment, handle, ms),
        result: () => resultOf<IncidentState>(handle),
      };
      await work(Object.assign(Object.create(incident) as FakeIncident, played));
    });
  });

const input = (own: Partial<IncidentInput> = {}): IncidentInput => ({
  decisionId: 's1',
  verb: 'ack',
  reason: 'on it',
  actor: 'ann',
  onBehalfOf: null,
  ...own,
});
/** Sends a step; anew under its id where this server has lost the update on its way, as a client would. */
async function act(desk: Desk, own: Partial<IncidentInput> = {}): Promise<IncidentAnswer> {
  try {
    return await desk.handle.executeUpdate('decide', { args: [input(own)] });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return act(desk, own);
  }
}
const told = (desk: Desk) => desk.of('tellIncident').map(([, news]) => news);

describe('an incident', () => {
  incidentTest(
    'is told again when quiet hours end, to whoever slept',
    { quietMs: 8 * 60 * MINUTE_MS },
    async (desk) => {
      await until(() => told(desk).length === 1);
      await desk.skip(7 * 60 * MINUTE_MS);
      expect(told(desk)).toEqual(['opened']);
      await desk.skip(2 * 60 * MINUTE_MS);
      await until(() => told(desk).length === 2);
      await desk.skip(DAY_MS);
      expect(desk.of('tellIncident')).toEqual(Array(2).fill(['i1', 'opened', 'major']));
    },
  );

  incidentTest(
    'is told again at growing intervals until its alerts are used up, and then waits without an end',
    { realertMinutes: [30, 60] },
    async (desk) => {
      await until(() => told(desk).includes('opened'));
      await desk.skip(29 * MINUTE_MS);
      expect(desk.of('alertAgain')).toEqual([]);
      await desk.skip(2 * MINUTE_MS);
      await until(() => told(desk).filter((one) => one === 'alert').length === 1);
      await desk.skip(58 * MINUTE_MS);
      expect(desk.of('alertAgain')).toHaveLength(1);
      await desk.skip(3 * MINUTE_MS);
      await until(() => told(desk).filter((one) => one === 'alert').length === 2);
      await desk.skip(90 * DAY_MS);
      expect(desk.of('alertAgain')).toEqual([
        ['i1', 1],
        ['i1', 2],
      ]);
      expect(desk.row.state).toBe('open');
      expect(told(desk).filter((one) => one === 'opened')).toHaveLength(1);
    },
  );

  incidentTest('that is acknowledged is told no more', { realertMinutes: [30] }, async (desk) => {
    await until(() => told(desk).includes('opened'));
    expect(await act(desk)).toMatchObject({ accepted: true, state: 'acknowledged' });
    await until(() => told(desk).includes('acknowledged'));
    await desk.skip(10 * DAY_MS);
    expect(desk.of('alertAgain')).toEqual([]);
    expect(desk.row.owner).toBe('ann');
  });

  incidentTest(
    'is resolved with a cause: summary first, then everyone is told, then it is closed',
    {},
    async (desk) => {
      await act(desk, { verb: 'resolve', reason: 'a lost page' });
      expect(await desk.result()).toBe('closed');
      const names = desk.names();
      expect(told(desk)).toContain('resolved');
      const last = desk.calls.findLastIndex((one) => one.activity === 'tellIncident' && one.args[1] === 'resolved');
      expect([names.indexOf('summarizeIncident') < last, last < names.indexOf('closeIncident')]).toEqual([true, true]);
      expect(desk.of('postIncident')).toContainEqual(['i1', 'resolved']);
    },
  );

  incidentTest('resolves by itself when it hears that its exceptions have ended', {}, async (desk) => {
    await until(() => told(desk).includes('opened'));
    await desk.handle.signal('incident-changed');
    desk.change({ ended: true });
    await desk.handle.signal('incident-changed');
    expect(await desk.result()).toBe('closed');
    expect(desk.names()).not.toContain('recordIncidentStep');
  });

  incidentTest('that gets worse after it was acknowledged is told anew', {}, async (desk) => {
    await until(() => told(desk).includes('opened'));
    await act(desk);
    await until(() => told(desk).includes('acknowledged'));
    desk.change({ state: 'open', severity: 'critical' });
    await desk.handle.signal('incident-changed');
    await until(() => told(desk).filter((one) => one === 'opened').length === 2);
  });

  incidentTest('is handled by signal too; a signal that names no verb is left aside', {}, async (desk) => {
    await desk.handle.signal('decide-signal', { verb: 'burn' });
    await desk.handle.signal('decide-signal', { verb: 'resolve', reason: 'a lost page' });
    expect(await desk.result()).toBe('closed');
    const { runId } = await desk.handle.describe();
    expect(desk.of('recordIncidentStep')).toMatchObject([
      [{ verb: 'resolve', reason: 'a lost page', via: 'signal', decisionId: `signal/${runId}/2` }],
    ]);
  });

  const broken = {
    row: { state: 'acknowledged' },
    own: { recordIncidentStep: () => Promise.reject(ApplicationFailure.nonRetryable('a column is missing')) },
  } as const;
  incidentTest('refuses what can never be recorded with what it is', broken, async (desk) => {
    const answer = await act(desk, { verb: 'update' });
    expect(answer).toMatchObject({ accepted: false, state: 'acknowledged' });
  });

  const slow = { own: { tellIncident: () => new Promise<null>((resolve) => setTimeout(() => resolve(null), 1_500)) } };
  incidentTest('that is over refuses what people do, and says so', slow, async (desk) => {
    await act(desk, { verb: 'resolve' });
    await until(() => desk.names().includes('summarizeIncident'));
    const late = act(desk, { decisionId: 's2' });
    await expect(late).rejects.toThrow(WorkflowUpdateFailedError);
    expect(await desk.result()).toBe('closed');
  });

  incidentTest(
    'of several clients does to its members what is done to it',
    { row: { spansClients: true } },
    async (desk) => {
      await until(() => told(desk).includes('opened'));
      expect(desk.names()).not.toContain('leadMembers');
      await act(desk);
      await until(() => desk.of('leadMembers').length === 1);
      await act(desk, { decisionId: 's2', verb: 'resolve' });
      expect(await desk.result()).toBe('closed');
      expect(desk.of('leadMembers').length).toBeGreaterThan(1);
    },
  );
});
