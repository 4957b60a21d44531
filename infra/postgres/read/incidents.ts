import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { EventRow } from '../incident/events.ts';
import { INCIDENT_COLUMNS, type IncidentRow } from '../incident/rows.ts';

export type IncidentFilter = { client: string | null; state: string | null; unresolved: boolean };
type Line = Pick<EventRow, 'actor' | 'event'> & { at: string };
/** An incident with its exceptions and its timeline. */
export type ListedIncident = IncidentRow & { exceptions: string[]; timeline: Line[] };

const PARTS = sql`${INCIDENT_COLUMNS},
  (select coalesce(jsonb_agg(m.exception_id order by m.joined_at, m.exception_id), '[]') from incident_member m
    join incident o using (incident_id) where o.incident_id = i.incident_id or o.parent_id = i.incident_id) as exceptions,
  (select coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'actor', e.actor, 'event', e.event) order by e.at, e.event_key), '[]')
    from incident_event e where e.incident_id = i.incident_id) as timeline`;

/** Incidents that the transaction sees, the newest first. */
export async function listIncidents(db: Db, { client, state, unresolved }: IncidentFilter): Promise<ListedIncident[]> {
  const { rows } = await sql<ListedIncident>`
    select ${PARTS} from incident i
    where (${client}::text is null or i.client_id = ${client})
      and (${state}::text is null or i.state = ${state})
      and (not ${unresolved} or i.state in ('open', 'acknowledged'))
    order by i.opened_at desc, i.incident_id`.execute(db);
  return rows;
}

export async function findIncident(db: Db, id: string): Promise<ListedIncident | undefined> {
  const { rows } = await sql<ListedIncident>`
    select ${PARTS} from incident i where i.incident_id = ${id}`.execute(db);
  return rows[0];
}

/** The id of an incident that the transaction sees; null for one that it does not. */
export async function visibleIncident(db: Db, id: string | null): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`select incident_id as id from incident where incident_id = ${id}`.execute(
    db,
  );
  return rows[0]?.id ?? null;
}

export type IncidentOfException = Pick<IncidentRow, 'incident_id' | 'severity' | 'state' | 'owner'>;

/** The latest incident that an exception is part of. */
export async function incidentOfException(db: Db, exceptionId: string): Promise<IncidentOfException | undefined> {
  const { rows } = await sql<IncidentOfException>`
    select i.incident_id, i.severity, i.state, i.owner from incident_member m join incident i using (incident_id)
    where m.exception_id = ${exceptionId} order by m.joined_at desc limit 1`.execute(db);
  return rows[0];
}
