import { hasEnded } from '../../domain/exception/table.ts';
import { causeKeyOf } from '../../domain/incident/cause.ts';
import { isWorse, severityOf } from '../../domain/incident/severity.ts';
import { after, isOver } from '../../domain/incident/states.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { noteEvent } from '../../infra/postgres/incident/events.ts';
import { addMember, incidentOfDay, incidentOfQuestion, insertIncident } from '../../infra/postgres/incident/open.ts';
import { type IncidentRow, loadIncident, lockIncident } from '../../infra/postgres/incident/rows.ts';
import { moveIncident, restartAlerts } from '../../infra/postgres/incident/steps.ts';
import { type ExceptionRow, loadException } from '../../infra/postgres/publish/exceptions.ts';
import { lockException } from '../../infra/postgres/review/decisions.ts';
import { factsOf } from '../../infra/postgres/review/exception-facts.ts';
import type { OperatingModel, Severity } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { firstOwner, modelOfDay } from './context.ts';
import { groupIncident } from './group.ts';
import { record, stepKey } from './record.ts';

async function open(tx: Tx, deps: Deps, model: OperatingModel, row: ExceptionRow, severity: Severity) {
  const incident = await insertIncident(tx, {
    clientId: row.client_id,
    businessDate: row.business_date,
    key: [row.client_id, row.business_date],
    causeKey: null,
    severity,
    owner: firstOwner(model),
    title: row.message,
  });
  await addMember(tx, incident.incident_id, row, causeKeyOf(model, row));
  await record(tx, deps, incident, {
    key: stepKey(incident.incident_id, 'open'),
    step: 'open',
    actor: 'meshline',
    event: `Opened with severity ${severity}: ${row.message}`,
    action: 'incident.opened',
    detail: { severity, owner: incident.owner, exception: row.exception_id, message: row.message },
  });
  return incident;
}

/** What got worse has to be acknowledged anew, and is told from the first alert on. */
async function raise(tx: Tx, deps: Deps, incident: IncidentRow, severity: Severity, exception: string): Promise<void> {
  const { incident_id: id } = incident;
  await moveIncident(tx, id, after(incident.state, 'raise')!, { severity });
  await restartAlerts(tx, id);
  await record(tx, deps, incident, {
    key: stepKey(id, 'raise', severity),
    step: 'raise',
    actor: 'meshline',
    event: `Severity raised from ${incident.severity} to ${severity}.`,
    action: 'incident.raised',
    detail: { from: incident.severity, to: severity, exception },
  });
}

async function join(
  tx: Tx,
  deps: Deps,
  model: OperatingModel,
  row: ExceptionRow,
  incident: IncidentRow,
  severity: Severity,
): Promise<void> {
  const added = await addMember(tx, incident.incident_id, row, causeKeyOf(model, row));
  const joined = {
    key: stepKey(incident.incident_id, 'join', row.exception_id),
    step: 'join',
    actor: 'meshline',
    event: `One more exception of the day: ${row.message}`,
  } as const;
  if (isWorse(severity, incident.severity)) {
    if (added) await noteEvent(tx, incident, joined);
    await raise(tx, deps, incident, severity, row.exception_id);
  } else if (added) {
    const detail = { exception: row.exception_id, message: row.message };
    await record(tx, deps, incident, { ...joined, action: 'incident.joined', detail });
  }
}

/**
 * The incident of an exception, opened where there is none: a client's day has one at a time, and further exceptions of
 * the day become part of it. What was resolved is not opened again for the same question.
 */
async function find(tx: Tx, deps: Deps, model: OperatingModel, exceptionId: string): Promise<IncidentRow | null> {
  const row = await lockException(tx, exceptionId);
  const severity = hasEnded(row.state) ? null : severityOf(model.exceptions.incidents, factsOf(row));
  if (severity === null) return null;
  const ofDay = await incidentOfDay(tx, row);
  const incident = ofDay && (await lockIncident(tx, ofDay.incident_id));
  // It may have been resolved between the look and the lock.
  if (!incident || isOver(incident.state))
    return (await incidentOfQuestion(tx, row)) ?? open(tx, deps, model, row, severity);
  await join(tx, deps, model, row, incident, severity);
  return incident;
}

/** Sees that an incident's workflow runs, and that it looks at what is new. */
async function attend({ db, engine }: Deps, incidentId: string): Promise<void> {
  const { client_id: clientId, business_date: businessDate, state, title } = (await loadIncident(db, incidentId))!;
  if (state === 'closed') return;
  await engine.startIncident({ incidentId, clientId, businessDate, title });
  await engine.signalIncidentChanged(incidentId);
}

/**
 * Makes an exception an incident where a rule of its client says so, and sees that its workflow runs. Repeatable: it is
 * asked whenever the exception is asked about and when it becomes overdue. Resolves with the incident's id, or null.
 */
export function createOpenIncident(deps: Deps) {
  const { db } = deps;
  return async function openIncident(exceptionId: string): Promise<string | null> {
    const row = await loadException(db, exceptionId);
    if (!row) return null;
    const model = await modelOfDay(db, row);
    const incident = await db.transaction().execute(async (tx) => {
      await lockDay(tx, row.client_id, row.business_date);
      return find(tx, deps, model, exceptionId);
    });
    if (!incident) return null;
    const parent = await groupIncident(deps, incident.incident_id);
    for (const id of [incident.incident_id, ...(parent ? [parent] : [])]) await attend(deps, id);
    return incident.incident_id;
  };
}
