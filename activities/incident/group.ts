import { SAME_CAUSE_WITHIN_MS } from '../../domain/incident/cause.ts';
import { isWorse } from '../../domain/incident/severity.ts';
import { after, isOver } from '../../domain/incident/states.ts';
import { INSTALLATION } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { noteEvent } from '../../infra/postgres/incident/events.ts';
import { causesOf, joinParent, lockCause, openParent, siblingsOf } from '../../infra/postgres/incident/group.ts';
import { insertIncident } from '../../infra/postgres/incident/open.ts';
import { type IncidentRow, loadIncident, lockIncident } from '../../infra/postgres/incident/rows.ts';
import { moveIncident, restartAlerts } from '../../infra/postgres/incident/steps.ts';
import type { Severity } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { record, stepKey } from './record.ts';

/** `["control_difference","control","till"]` as a sentence. */
function titleOf(causeKey: string): string {
  const [kind = '', ...place] = JSON.parse(causeKey) as string[];
  return `The same cause at several clients: ${kind.replaceAll('_', ' ')} at ${place[0]} ${place.at(-1)}`;
}

const worst = (severities: readonly Severity[]): Severity =>
  severities.reduce((one, other) => (isWorse(other, one) ? other : one));

async function openWider(tx: Tx, causeKey: string, members: readonly IncidentRow[]): Promise<IncidentRow> {
  return insertIncident(tx, {
    clientId: INSTALLATION,
    businessDate: null,
    key: [INSTALLATION, causeKey],
    causeKey,
    severity: worst(members.map((one) => one.severity)),
    owner: members[0]!.owner,
    title: titleOf(causeKey),
  });
}

/** The timeline of a client's own incident names no other client. */
async function noteJoined(tx: Tx, members: readonly IncidentRow[], parent: IncidentRow): Promise<void> {
  for (const member of members)
    await noteEvent(tx, member, {
      key: stepKey(member.incident_id, 'join', parent.incident_id),
      step: 'join',
      actor: 'meshline',
      event: 'The same cause is found at other clients too: it is handled as one incident.',
    });
}

/** The incident that spans clients is as bad as the worst of its members; false where it is already. */
async function raiseTo(tx: Tx, parent: IncidentRow, severity: Severity): Promise<boolean> {
  const to = isWorse(severity, parent.severity) ? after(parent.state, 'raise') : undefined;
  if (!to) return false;
  await moveIncident(tx, parent.incident_id, to, { severity });
  await restartAlerts(tx, parent.incident_id);
  return true;
}

/** A member got worse after it had joined. */
async function raiseWith(tx: Tx, deps: Deps, member: IncidentRow): Promise<void> {
  const parent = await lockIncident(tx, member.parent_id!);
  if (!(await raiseTo(tx, parent, member.severity))) return;
  await record(tx, deps, parent, {
    key: stepKey(parent.incident_id, 'raise', member.severity),
    step: 'raise',
    actor: 'meshline',
    event: `Severity raised from ${parent.severity} to ${member.severity}, by ${member.client_id}.`,
    action: 'incident.raised',
    detail: { from: parent.severity, to: member.severity, member: member.incident_id },
  });
}

async function gather(tx: Tx, deps: Deps, incident: IncidentRow, causeKey: string): Promise<string | null> {
  const found = await openParent(tx, causeKey, SAME_CAUSE_WITHIN_MS);
  const siblings = found ? [] : await siblingsOf(tx, incident, causeKey, SAME_CAUSE_WITHIN_MS);
  if (!found && siblings.length === 0) return null;
  const parent = found
    ? await lockIncident(tx, found.incident_id)
    : await openWider(tx, causeKey, [...siblings, incident]);
  const ids = [...siblings, incident].map((one) => one.incident_id);
  const joined = await joinParent(tx, parent.incident_id, ids);
  if (joined.length === 0) return null;
  const raised = await raiseTo(tx, parent, incident.severity);
  const severity = raised ? incident.severity : parent.severity;
  await noteJoined(tx, joined, parent);
  const clients = joined.map((one) => one.client_id).sort();
  await record(tx, deps, parent, {
    key: stepKey(parent.incident_id, found ? 'join' : 'open', joined.map((one) => one.incident_id).join(',')),
    step: found ? 'join' : 'open',
    actor: 'meshline',
    event: found
      ? `Found at ${clients.join(', ')} too${raised ? `; severity raised from ${parent.severity} to ${severity}` : ''}.`
      : `Opened with severity ${severity}: found at ${clients.join(', ')}.`,
    action: found ? 'incident.grouped' : 'incident.opened',
    detail: { severity, owner: parent.owner, clients, members: joined.map((one) => one.incident_id) },
  });
  return parent.incident_id;
}

/**
 * Makes an incident part of the wider one over its cause: one that is there, or a new one where another client has an
 * incident over the same cause. Resolves with the id of the wider incident, or null.
 */
export async function groupIncident(deps: Deps, incidentId: string): Promise<string | null> {
  const { db } = deps;
  for (const causeKey of await causesOf(db, incidentId)) {
    const parent = await db.transaction().execute(async (tx) => {
      await lockCause(tx, causeKey);
      const incident = (await loadIncident(tx, incidentId))!;
      if (isOver(incident.state)) return incident.parent_id;
      if (incident.parent_id !== null) {
        await raiseWith(tx, deps, incident);
        return incident.parent_id;
      }
      return gather(tx, deps, incident, causeKey);
    });
    if (parent) return parent;
  }
  return null;
}
