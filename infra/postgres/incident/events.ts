import { sql } from 'kysely';
import type { IncidentStep } from '../../../domain/incident/states.ts';
import type { Db } from '../connect.ts';
import type { IncidentRow } from './rows.ts';

/** A line of an incident's timeline. Its key names what happened: the same again is noted once. */
export type IncidentEvent = {
  key: string;
  step: IncidentStep | 'open' | 'join' | 'note';
  actor: string;
  onBehalfOf?: string | null;
  event: string;
};

/** Notes what happened; false where it was noted before. */
export async function noteEvent(
  db: Db,
  { incident_id, client_id }: Pick<IncidentRow, 'incident_id' | 'client_id'>,
  { key, step, actor, onBehalfOf = null, event }: IncidentEvent,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into incident_event (event_key, incident_id, client_id, actor, on_behalf_of, step, event)
    values (${key}, ${incident_id}, ${client_id}, ${actor}, ${onBehalfOf}, ${step}, ${event})
    on conflict do nothing`.execute(db);
  return numAffectedRows === 1n;
}

export async function wasNoted(db: Db, key: string): Promise<boolean> {
  const { rows } = await sql`select from incident_event where event_key = ${key}`.execute(db);
  return rows.length > 0;
}

export type EventRow = { at: Date; actor: string; on_behalf_of: string | null; step: string; event: string };

/** An incident's timeline, oldest first. */
export async function eventsOf(db: Db, incidentId: string): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select at, actor, on_behalf_of, step, event from incident_event
    where incident_id = ${incidentId} order by at, event_key`.execute(db);
  return rows;
}
