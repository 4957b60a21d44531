import { after } from '../../domain/incident/states.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type IncidentRow, loadIncident, lockIncident, membersOf } from '../../infra/postgres/incident/rows.ts';
import { moveIncident } from '../../infra/postgres/incident/steps.ts';
import type { Deps } from '../deps.ts';
import { record, stepKey } from './record.ts';

type LeadDeps = Pick<Deps, 'db' | 'secrets' | 'engine'>;

/** What is done about the wider incident, as it is noted of a member. Its words name no other client. */
function following(parent: IncidentRow, member: IncidentRow) {
  if (parent.state === 'acknowledged' && member.state === 'open')
    return {
      step: 'ack',
      action: 'incident.acknowledged',
      event: `Acknowledged by ${parent.owner} with the wider incident.`,
    } as const;
  if (parent.state === 'resolved' || parent.state === 'closed')
    return { step: 'resolve', action: 'incident.resolved', event: 'Resolved with the wider incident.' } as const;
  return undefined;
}

async function follow(tx: Tx, deps: LeadDeps, parent: IncidentRow, memberId: string): Promise<boolean> {
  const member = await lockIncident(tx, memberId);
  const next = following(parent, member);
  const to = next && after(member.state, next.step);
  if (!next || !to) return false;
  await moveIncident(tx, memberId, to, {
    ...(next.step === 'ack' && { owner: parent.owner }),
    ...(next.step === 'resolve' && { cause: parent.cause ?? 'Resolved with the wider incident.' }),
  });
  await record(tx, deps, member, {
    key: stepKey(memberId, next.step, `${parent.incident_id}/${parent.owner}`),
    step: next.step,
    actor: 'meshline',
    event: next.event,
    action: next.action,
    detail: { reason: parent.cause, via: 'parent', owner: parent.owner, from: member.state },
  });
  return true;
}

/** Does to every member what was done about the incident that spans them: acknowledged, or resolved with its cause. */
export function createLeadMembers(deps: LeadDeps) {
  return async function leadMembers(parentId: string): Promise<void> {
    const parent = (await loadIncident(deps.db, parentId))!;
    for (const { incident_id: id } of await membersOf(deps.db, parentId)) {
      const moved = await deps.db.transaction().execute((tx) => follow(tx, deps, parent, id));
      if (moved) await deps.engine.signalIncidentChanged(id);
    }
  };
}
