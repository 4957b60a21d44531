import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { ExceptionFacts } from '../../domain/exception/facts.ts';
import { planLadder } from '../../domain/exception/ladder.ts';
import { nextAlertMs, realertTermsOf } from '../../domain/incident/realert.ts';
import { severityOf } from '../../domain/incident/severity.ts';
import { withinTolerance } from '../../domain/tolerance.ts';
import { engineOver } from '../../infra/temporal/engine.ts';
import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import type { OperatingModel, Person, WorkingHours } from '../../schemas/operating-model.ts';
import { openedDay, publishedDay } from './fake-activities.ts';
import { fakeIncident } from './fake-incident.ts';
import { fakeException } from './fake-review.ts';

export const MINUTE_MS = 60_000;
export const DAY = { clientId: 'acme', businessDate: '2026-05-01' };
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

const timeOf = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

/**
 * A day that is 15 % short, in memory: what the activities of its close, its exception and its incident read and change.
 * Rules and deadlines are those of the domain, and the workflows start and tell each other over the engine.
 */
export function openShortDay(environment: TestWorkflowEnvironment) {
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
