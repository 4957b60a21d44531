import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { planLadder } from '../../domain/exception/ladder.ts';
import { nextAlertMs, realertTermsOf } from '../../domain/incident/realert.ts';
import { type ExceptionFacts, severityOf } from '../../domain/incident/severity.ts';
import { withinTolerance } from '../../domain/tolerance.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { startOrJoinClose } from '../../infra/temporal/start-close.ts';
import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import type { OperatingModel, Person, WorkingHours } from '../../schemas/operating-model.ts';
import { openedDay, publishedDay } from '../support/fake-activities.ts';
import { fakeIncident } from '../support/fake-incident.ts';
import { fakeException } from '../support/fake-review.ts';
import { resultOf, skip, timeSkippingTest, until, withWorker } from '../support/temporal.ts';
import type { Build } from '../support/workflow-builds.ts';

const MINUTE_MS = 60_000;
const DAY = { clientId: 'acme', businessDate: '2026-05-01' };
const FOUND = { id: 'e1', kind: 'control_difference', subject: 'net_sales of the spring campaign' };
const MICROS = 1_000_000n;
const REPORTED = 100_000n * MICROS;

const hours: Record<string, WorkingHours> = {
  office: { weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], from: '09:00', to: '17:30' },
};
const person = (id: string): Person => ({
  id,
  name: id,
  email: `${id}@agency.example`,
  timezone: 'Europe/London',
  hours: 'office',
});
/** The metric owner, then the owner of incidents. */
const CHAIN = [person('ada'), person('ben')];
const TERMS = { decideWithin: '4 working hours', reminder: '2 working hours', deputyAfter: '3 working hours' };
const REALERT = realertTermsOf({ exceptions: {} } as Pick<OperatingModel, 'exceptions'>);

/** Midnight of the second Wednesday of January of next year: London is on UTC then, and at work. */
function wednesday(): number {
  const first = new Date(Date.UTC(new Date().getUTCFullYear() + 1, 0, 8));
  return first.getTime() + ((3 - first.getUTCDay() + 7) % 7) * 24 * 60 * MINUTE_MS;
}
const at = (time: string): number => {
  const [hour, minute] = time.split(':').map(Number);
  return wednesday() + (hour! * 60 + minute!) * MINUTE_MS;
};
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

/** The night in memory: the real workflows of close, exception and incident, with what their activities read and change. */
function openNight(environment: TestWorkflowEnvironment) {
  const engine = engineOver(environment.client);
  const nowMs = () => environment.currentTimeMs();
  const day = { ours: 85_000n * MICROS, attempt: 0, status: [] as string[], startedMs: [] as number[] };
  const due: Record<string, string> = {};
  const matches = () => withinTolerance(day.ours - REPORTED, REPORTED, { percent: '1' });

  const incident = fakeIncident({}, { realertMs: (alerts) => nextAlertMs(REALERT, 0, alerts), nowMs });
  const opened: string[] = [];
  const exception = fakeException(
    { state: 'healing', healing: true, rerunDelayMs: 30 * MINUTE_MS, lastAttempt: 1, endedAttempt: 0 },
    nowMs,
    (askedMs) => planLadder(CHAIN, TERMS, hours, askedMs).dueMs,
    {
      openAttempt: async (input) => {
        day.attempt += 1;
        day.startedMs.push(await nowMs());
        return openedDay({ ...input, attempt: day.attempt });
      },
      publishDay: async () => {
        if (matches()) return publishedDay();
        const healing = exception.row.healing;
        const status = healing ? 'running' : 'waiting';
        return publishedDay({ status, published: 0, withheld: 1, exceptions: [{ ...FOUND, healing }] });
      },
      finishAttempt: async ({ attempt }, ending) => {
        const status = ending.how === 'finished' ? ending.status : 'failed';
        if (exception.row.endedAttempt < attempt) {
          exception.attemptEnded({ lastAttempt: attempt, ...(matches() && { state: 'resolved' }) });
          day.status.push(status);
        }
        await engine.signalAttemptEnded(FOUND.id, attempt);
        return status;
      },
      openIncident: async () => {
        const facts = { overdue: exception.row.state === 'overdue' } as ExceptionFacts;
        const severity = severityOf(DEFAULTS.incidents, facts);
        if (severity === null) return null;
        if (opened.length === 0) {
          opened.push(severity);
          incident.change({ severity, nextAlertMs: nextAlertMs(REALERT, await nowMs(), 1) });
        }
        await engine.startIncident({ incidentId: 'i1', ...DAY, title: FOUND.subject });
        await engine.signalIncidentChanged('i1');
        return 'i1';
      },
      exceptionEnded: async () => {
        incident.change({ ended: true });
        await engine.signalIncidentChanged('i1');
      },
    },
  );
  const { activities } = exception;
  const { startRerun, climb } = activities;
  activities.startRerun = async (input) => {
    await startRerun(input);
    await engine.startOwnClose({ ...DAY, beginsAt: 'capture', cause: 'rerun', actor: 'meshline' });
  };
  activities.climb = async (step) => {
    due[step.step] = timeOf(step.atMs);
    return climb(step);
  };
  activities.startDecided = async () => {
    // The fix brings what was missing.
    day.ours = REPORTED;
    await engine.startOwnClose({ ...DAY, beginsAt: 'capture', cause: 'decision', actor: 'ben' });
  };
  const ofIncidents = [
    'loadIncident',
    'alertAgain',
    'recordIncidentStep',
    'settleIncident',
    'summarizeIncident',
    'closeIncident',
    'tellIncident',
    'postIncident',
  ] as const;
  const all = { ...activities, ...Object.fromEntries(ofIncidents.map((name) => [name, incident.activities[name]])) };
  return { day, due, exception, incident, opened, activities: all };
}

const applyFix = {
  decisionId: 'd1',
  verb: 'apply_fix',
  args: { fix: 'f1' },
  reason: 'the shop sent the rest',
  actor: 'ben',
  onBehalfOf: null,
};

/** The reference story, in which from ten o'clock on a later build serves what the present one has begun. */
async function playTheStory(environment: TestWorkflowEnvironment, later: Build): Promise<void> {
  const night = openNight(environment);
  const { day, due, exception, incident } = night;
  const { told } = exception;
  const steps: string[] = [];
  const noteStep = async (step: string) => void steps.push(step);
  const under = (build: Build, work: () => Promise<void>) =>
    withWorker(environment, { ...night.activities, noteStep }, work, { build, maxCachedWorkflows: 0 });
  const handleOf = (id: string): WorkflowHandle => environment.client.workflow.getHandle(id);
  const review = handleOf('exception/e1');
  const skipTo = async (time: string) => skip(environment, review, at(time) - (await environment.currentTimeMs()));
  const news = () => incident.of('tellIncident').map(([, one]) => one);

  await environment.sleep(at('04:30') - (await environment.currentTimeMs()));
  await under('present', async () => {
    const input = { ...DAY, beginsAt: 'capture', cause: 'schedule', actor: 'meshline' } as const;
    const close = await startOrJoinClose(environment.client, input);
    expect(await resultOf(handleOf(close.workflowId))).toMatchObject({ attempt: 1, status: 'running' });
    await skipTo('04:59');
    expect([day.status, told]).toEqual([['running'], []]);
    await skipTo('05:02');
    await until(() => told.length > 0);
    expect([day.status, told]).toEqual([['running', 'waiting'], ['asked/1']]);
    expect(day.startedMs[1]! - day.startedMs[0]!).toBeGreaterThanOrEqual(30 * MINUTE_MS);
    await skipTo('10:00');
  });
  await under(later, async () => {
    await skipTo('10:59');
    expect(told).toEqual(['asked/1']);
    await skipTo('11:01');
    await until(() => told.includes('reminder'));
    await skipTo('11:59');
    expect(told).toEqual(['asked/1', 'reminder']);
    await skipTo('12:01');
    await until(() => told.includes('deputy'));
    await skipTo('12:59');
    expect([told, night.opened]).toEqual([['asked/1', 'reminder', 'deputy'], []]);
    await skipTo('13:01');
    await until(() => told.includes('overdue') && news().includes('opened'));
    expect(due).toEqual({ reminder: '11:00', deputy: '12:00', overdue: '13:00' });
    expect(night.opened).toEqual(['major']);
    await until(() => incident.of('postIncident').length > 0);
    await skipTo('13:29');
    expect(news()).toEqual(['opened']);
    await skipTo('13:35');
    await until(() => news().includes('alert'));
    await skipTo('14:00');
    expect([exception.row.state, incident.row.state, day.status.length]).toEqual(['overdue', 'open', 2]);

    const decision = { ...applyFix, expectedVersion: exception.row.version };
    expect(await review.executeUpdate('decide', { args: [decision] })).toMatchObject({ accepted: true });
    expect(await resultOf(review)).toBe('resolved');
    expect(await resultOf(handleOf('incident/i1'))).toBe('closed');
  });
  expect(day.status).toEqual(['running', 'waiting', 'published']);
  expect(told).toEqual(['asked/1', 'reminder', 'deputy', 'overdue', 'ended']);
  expect(news()).toEqual(['opened', 'alert', 'resolved']);
  expect(incident.of('postIncident').map(([, one]) => one)).toEqual(['opened', 'resolved']);
  expect(incident.of('summarizeIncident')).toHaveLength(1);
  expect(steps.length > 0).toBe(later !== 'present');
}

describe('revenue of a major campaign that is 15 % under what the platform reports', () => {
  timeSkippingTest(
    'is run anew, asked about, reminded of, escalated, an incident, mended and told to be over, each at its hour',
    (environment) => playTheStory(environment, 'present'),
  );
  timeSkippingTest('takes the same course where a newer build takes over half way', (environment) =>
    playTheStory(environment, 'second'),
  );
});
