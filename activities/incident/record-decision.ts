import { incidentWorkflowId } from '../../domain/ids.ts';
import type { IncidentAnswer, IncidentInput } from '../../domain/incident/decision.ts';
import { after, refusalOf } from '../../domain/incident/states.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { wasNoted } from '../../infra/postgres/incident/events.ts';
import { type IncidentRow, lockIncident } from '../../infra/postgres/incident/rows.ts';
import { moveIncident } from '../../infra/postgres/incident/steps.ts';
import type { Deps } from '../deps.ts';
import type { SignalPlace } from '../review/record-decision.ts';
import { absenceRefusal, receiverOf } from './absence.ts';
import { type Happening, record } from './record.ts';

/** What a person does, as the workflow took it in. */
export type QueuedStep = IncidentInput & { via: 'api' | 'signal'; signal?: SignalPlace };
type StepDeps = Pick<Deps, 'db' | 'secrets' | 'engine' | 'signals'>;
export type StepToRecord = QueuedStep & { incidentId: string };

const SIGNALS_ARE_OFF = 'Signals are switched off here. Use "meshline incidents" or the console.';

/** Who sent a signal is what its sender's tool told the server; the argument may name somebody only where it told nothing. */
async function actorOf({ engine }: StepDeps, { incidentId, signal, actor }: StepToRecord): Promise<string> {
  if (!signal) return actor;
  const identity = await engine.signalIdentity(incidentWorkflowId(incidentId), signal);
  return `temporal:${identity || actor || 'unnamed'}`;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function wordsOf(row: IncidentRow, { verb, reason }: StepToRecord, owner: string): string {
  if (verb === 'update') return sentence(reason);
  if (verb === 'resolve') return `Resolved. Cause: ${sentence(reason)}`;
  const hands =
    row.state === 'acknowledged' && owner !== row.owner ? `Handed over from ${row.owner} to` : 'Acknowledged by';
  return `${hands} ${owner}: ${sentence(reason)}`;
}

async function take(tx: Tx, deps: StepDeps, row: IncidentRow, input: StepToRecord): Promise<IncidentAnswer> {
  const { verb, reason, decisionId, via } = input;
  const state = after(row.state, verb)!;
  const owner = verb === 'ack' ? ((await receiverOf(tx, row, input))?.id ?? input.actor) : row.owner;
  await moveIncident(tx, row.incident_id, state, { owner, ...(verb === 'resolve' && { cause: reason }) });
  const happening: Happening = {
    key: `decision/${decisionId}`,
    step: verb,
    actor: input.actor,
    onBehalfOf: input.onBehalfOf,
    event: wordsOf(row, input, owner),
    action: ACTIONS[verb],
    detail: { decisionId, reason, via, owner, from: row.state },
  };
  await record(tx, deps, row, happening);
  return { accepted: true, state, message: `Recorded: the incident is ${state}.` };
}

const ACTIONS = { ack: 'incident.acknowledged', update: 'incident.updated', resolve: 'incident.resolved' } as const;

async function refuse(
  tx: Tx,
  deps: StepDeps,
  row: IncidentRow,
  input: StepToRecord,
  message: string,
): Promise<IncidentAnswer> {
  // Whoever sends an update is told; of a refused signal only the trail can tell.
  if (input.via === 'signal')
    await appendAudit(tx, deps.secrets.auditKey, {
      clientId: row.client_id,
      ...(row.business_date && { businessDate: row.business_date }),
      actor: input.actor,
      action: 'incident.signal_refused',
      subject: row.incident_id,
      detail: { decisionId: input.decisionId, verb: input.verb, reason: input.reason, message },
    });
  return { accepted: false, state: row.state, message };
}

/** Records what a person does about an incident, with its audit row, once for each decision id. */
export function createRecordIncidentStep(deps: StepDeps) {
  return async function recordIncidentStep(queued: StepToRecord): Promise<IncidentAnswer> {
    const input = { ...queued, actor: await actorOf(deps, queued) };
    const { answer, row } = await deps.db.transaction().execute(async (tx) => {
      const row = await lockIncident(tx, input.incidentId);
      if (await wasNoted(tx, `decision/${input.decisionId}`))
        return { row, answer: { accepted: true, state: row.state, message: 'This was recorded before.' } };
      const off = input.via === 'signal' && deps.signals === 'off';
      const refused = off
        ? SIGNALS_ARE_OFF
        : (refusalOf(row.state, input.verb) ?? (await absenceRefusal(tx, row, input)));
      return { row, answer: refused ? await refuse(tx, deps, row, input, refused) : await take(tx, deps, row, input) };
    });
    if (answer.state === 'resolved' && row.parent_id) await deps.engine.signalIncidentChanged(row.parent_id);
    return answer;
  };
}
