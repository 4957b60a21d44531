import { sql } from 'kysely';
import type { IncidentState } from '../../../domain/incident/states.ts';
import type { Severity } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';

/** Moves an incident to a state and notes when it came there; `owner` changes hands, `cause` says why it is over. */
export async function moveIncident(
  db: Db,
  incidentId: string,
  to: IncidentState,
  change: { owner?: string; cause?: string; severity?: Severity } = {},
): Promise<void> {
  await sql`
    update incident set state = ${to},
      owner = coalesce(${change.owner ?? null}, owner), cause = coalesce(${change.cause ?? null}, cause),
      severity = coalesce(${change.severity ?? null}, severity),
      acknowledged_at = case when ${to} = 'acknowledged' then coalesce(acknowledged_at, now())
        when ${to} = 'open' then null else acknowledged_at end,
      resolved_at = case when ${to} = 'resolved' then now() else resolved_at end,
      closed_at = case when ${to} = 'closed' then now() else closed_at end
    where incident_id = ${incidentId}`.execute(db);
}

/** Counts an alert; false where it was counted before. */
export async function countAlert(db: Db, incidentId: string, told: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update incident set alerts = alerts + 1, alerted_at = now()
    where incident_id = ${incidentId} and state = 'open' and alerts = ${told}`.execute(db);
  return numAffectedRows === 1n;
}

/** Begins the alerts anew, because it got worse. */
export async function restartAlerts(db: Db, incidentId: string): Promise<void> {
  await sql`update incident set alerts = 1, alerted_at = now() where incident_id = ${incidentId}`.execute(db);
}

export async function storeSummary(db: Db, incidentId: string, summary: object): Promise<void> {
  await sql`update incident set summary = ${JSON.stringify(summary)} where incident_id = ${incidentId}`.execute(db);
}

export async function storedSummary<T>(db: Db, incidentId: string): Promise<T | null> {
  const { rows } = await sql<{ summary: T | null }>`
    select summary from incident where incident_id = ${incidentId}`.execute(db);
  return rows[0]?.summary ?? null;
}
