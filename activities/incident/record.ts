import type { IncidentStep } from '../../domain/incident/states.ts';
import { type AuditRecord, appendAudit } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type IncidentEvent, noteEvent } from '../../infra/postgres/incident/events.ts';
import type { IncidentRow } from '../../infra/postgres/incident/rows.ts';
import type { Deps } from '../deps.ts';
import { emitIncident } from './emit.ts';

/** What happened, for the timeline, and how the audit trail names it. */
export type Happening = IncidentEvent & { action: AuditRecord['action']; detail: AuditRecord['detail'] };

/**
 * Notes in the timeline and in the audit trail what a transaction did to an incident. It is its last step: the audit
 * row locks the chain until commit.
 */
export async function record(
  tx: Tx,
  { secrets }: Pick<Deps, 'secrets'>,
  incident: IncidentRow,
  { action, detail, ...event }: Happening,
): Promise<void> {
  await noteEvent(tx, incident, event);
  await emitIncident(tx, incident, { action, detail, key: event.key });
  await appendAudit(tx, secrets.auditKey, {
    clientId: incident.client_id,
    ...(incident.business_date && { businessDate: incident.business_date }),
    actor: event.actor,
    ...(event.onBehalfOf && { onBehalfOf: event.onBehalfOf }),
    action,
    subject: incident.incident_id,
    detail,
  });
}

/** A step of an incident under a key that names it once. */
export const stepKey = (incidentId: string, step: IncidentStep | 'open' | 'join' | 'note', what = ''): string =>
  [incidentId, step, what].filter(Boolean).join('/');
