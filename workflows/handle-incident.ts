import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { IncidentLook } from '../activities/incident/load.ts';
import type { IncidentAnswer } from '../domain/incident/decision.ts';
import type { IncidentNews } from '../domain/incident/news.ts';
import type { IncidentState } from '../domain/incident/states.ts';
import { messageOf } from './failures.ts';
import { type IncidentInbox, openIncidentInbox } from './incident-inbox.ts';
import type { IncidentWorkflowInput } from './messages.ts';
import { notices, sets } from './proxies.ts';
import { type Notices, openNotices } from './review-notices.ts';
import { enterStage } from './visibility.ts';

type Desk = { incidentId: string; inbox: IncidentInbox; mails: Notices };

/**
 * Sees one incident through: its owner is alerted until somebody acknowledges it, whoever the rules name is told, and
 * when it is over a summary is written and everyone who was told hears of it. The row in Postgres is the truth; this
 * workflow knows when to look and what comes next.
 */
export async function handleIncident(input: IncidentWorkflowInput): Promise<IncidentState> {
  const { incidentId } = input;
  const desk: Desk = { incidentId, inbox: openIncidentInbox(workflowInfo().runId), mails: openNotices() };
  for (;;) {
    const incident = await desk.inbox.look(() => sets.loadIncident(incidentId));
    enterStage(incident.state, `${incident.severity}, with ${incident.owner}: ${incident.title}`);
    if (await take(desk, incident)) continue;
    if (incident.state === 'closed' && !desk.inbox.hasNews()) {
      await condition(allHandlersFinished);
      return incident.state;
    }
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof handleIncident>(input);
    await takeStep(desk, incident);
  }
}

async function takeStep(desk: Desk, incident: IncidentLook): Promise<unknown> {
  const { incidentId, inbox } = desk;
  if (incident.spansClients && incident.state !== 'open') await sets.leadMembers(incidentId);
  switch (incident.state) {
    case 'open':
      if (incident.ended) return sets.settleIncident(incidentId);
      return alert(desk, incident);
    case 'acknowledged':
      if (incident.ended) return sets.settleIncident(incidentId);
      tell(desk, 'acknowledged', incident.owner);
      return inbox.hear(null);
    case 'resolved':
      return wrapUp(desk);
    case 'closed':
      return undefined;
  }
}

/** Mails it to everyone whose quiet hours do not hold, and to each of the others when theirs have ended. */
async function mail(incidentId: string, news: IncidentNews, turn: string): Promise<void> {
  for (;;) {
    const dueMs = await notices.tellIncident(incidentId, news, turn);
    // Runs that were recorded before wait for nobody.
    if (typeof dueMs !== 'number') return;
    await sleep(Math.max(dueMs - Date.now(), 1));
  }
}

/**
 * Mail goes out beside the incident, each once in this run, and requests to webhooks are kept for their outboxes; what
 * went out before it, the activities know.
 */
function tell({ incidentId, mails }: Desk, news: Exclude<IncidentNews, 'alert'>, turn: string): void {
  mails.send(`${news}/${turn}`, () => mail(incidentId, news, turn));
  mails.send(`${news}/${turn}/webhooks`, () => sets.postIncident(incidentId, news));
}

/** Until somebody acknowledges it, its owner is told again, at growing intervals and not for ever. */
async function alert(desk: Desk, { severity, alerts, nextAlertMs }: IncidentLook): Promise<void> {
  const { incidentId, inbox, mails } = desk;
  tell(desk, 'opened', severity);
  const turn = `${severity}/${alerts}`;
  if (alerts > 1) mails.send(`alert/${turn}`, () => mail(incidentId, 'alert', turn));
  const heard = await inbox.hear(nextAlertMs === null ? null : nextAlertMs - Date.now());
  if (!heard) await sets.alertAgain(incidentId, alerts);
}

/** The summary is stored before it is told, and the incident is closed when everyone has been told. */
async function wrapUp(desk: Desk): Promise<void> {
  await sets.summarizeIncident(desk.incidentId);
  tell(desk, 'resolved', '');
  await desk.mails.settled();
  await sets.closeIncident(desk.incidentId);
}

/** Takes what a person does; true where somebody did something. */
async function take({ incidentId, inbox }: Desk, incident: IncidentLook): Promise<boolean> {
  const queued = inbox.next();
  if (!queued) return false;
  const notRecorded = (error: unknown) => unrecorded(incident, error);
  queued.answer = await sets.recordIncidentStep({ ...queued.step, incidentId }).catch(notRecorded);
  return true;
}

/** What can never be recorded is refused to its sender; it must not end the incident. */
function unrecorded({ state }: IncidentLook, error: unknown): IncidentAnswer {
  if (isCancellation(error)) throw error;
  return { accepted: false, state, message: `It could not be recorded: ${messageOf(error)}` };
}
