import type { IncidentSummary } from '../../../domain/incident/summary.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { noticesOf } from '../../../infra/postgres/incident/notices.ts';
import { isParent, membersOf } from '../../../infra/postgres/incident/rows.ts';
import { storedSummary } from '../../../infra/postgres/incident/steps.ts';
import { webhooksOf } from '../../../infra/postgres/read/deliveries.ts';
import { type ListedIncident, visibleIncident } from '../../../infra/postgres/read/incidents.ts';
import type { IncidentDocument, IncidentList } from '../../../schemas/api/incidents.ts';
import { instantText } from './amounts.ts';

export const listedIncident = (row: ListedIncident): IncidentList['incidents'][number] => ({
  id: row.incident_id,
  client: isParent(row) ? null : row.client_id,
  businessDate: row.business_date,
  severity: row.severity,
  owner: row.owner,
  state: row.state,
  title: row.title,
  openedAt: row.opened_at.toISOString(),
  exceptions: row.exceptions,
  timeline: row.timeline.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
});

async function toldOf(db: Db, id: string): Promise<IncidentDocument['told']> {
  const notices = await noticesOf(db, id);
  return notices.map(({ at, event, recipient, status }) => ({ at: at.toISOString(), event, to: recipient, status }));
}

async function webhooksText(db: Db, id: string): Promise<IncidentDocument['webhooks']> {
  return (await webhooksOf(db, id)).map((one) => ({
    id: String(one.delivery_id),
    destination: one.destination_id,
    event: one.event!,
    status: one.status,
    tries: one.tries,
    error: one.last_error,
    at: (one.sent_at ?? one.created_at).toISOString(),
  }));
}

/** An incident with everything that is known of it. */
export async function incidentDocumentOf(db: Db, row: ListedIncident): Promise<IncidentDocument> {
  const { incident_id: id } = row;
  return {
    ...listedIncident(row),
    acknowledgedAt: instantText(row.acknowledged_at),
    resolvedAt: instantText(row.resolved_at),
    closedAt: instantText(row.closed_at),
    cause: row.cause,
    parent: await visibleIncident(db, row.parent_id),
    members: (await membersOf(db, id)).map((one) => ({
      id: one.incident_id,
      client: one.client_id,
      businessDate: one.business_date!,
      state: one.state,
    })),
    told: await toldOf(db, id),
    webhooks: await webhooksText(db, id),
    summary: await storedSummary<IncidentSummary>(db, id),
  };
}
