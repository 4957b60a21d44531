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

async function raiseTo(tx: Tx, parent: IncidentRow, severity: Severity): Promise<void> {
  if (!isWorse(severity, parent.severity)) return;
  await moveIncident(tx, parent.incident_id, after(parent.state, 'raise')!, { severity });
  await restartAlerts(tx, parent.incident_id);
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
  await raiseTo(tx, parent, incident.severity);
  await noteJoined(tx, joined, parent);
  const clients = joined.map((one) => one.client_id).sort();
  await record(tx, deps, parent, {
    key: stepKey(parent.incident_id, found ? 'join' : 'open', joined.map((one) => one.incident_id).join(',')),
    step: found ? 'join' : 'open',
    actor: 'meshline',
    event: found
      ? `Found at ${clients.join(', ')} too.`
      : `Opened with severity ${parent.severity}: found at ${clients.join(', ')}.`,
    action: found ? 'incident.grouped' : 'incident.opened',
    detail: { severity: parent.severity, owner: parent.owner, clients, members: joined.map((one) => one.incident_id) },
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
      if (incident.parent_id !== null || isOver(incident.state)) return incident.parent_id;
      return gather(tx, deps, incident, causeKey);
    });
    if (parent) return parent;
  }
  return null;
}
