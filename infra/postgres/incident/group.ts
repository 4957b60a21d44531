import { sql } from 'kysely';
import { INSTALLATION } from '../audit.ts';
import type { Db } from '../connect.ts';
import { INCIDENT_COLUMNS, type IncidentRow } from './rows.ts';

/** Holds a cause for the rest of the transaction: of two clients whose incidents open at once, one sees the other's. */
export async function lockCause(db: Db, causeKey: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`incident/${causeKey}`}, 0))`.execute(db);
}

/** The causes of an incident's exceptions, as far as they can be told. */
export async function causesOf(db: Db, incidentId: string): Promise<string[]> {
  const { rows } = await sql<{ cause_key: string }>`
    select distinct cause_key from incident_member
    where incident_id = ${incidentId} and cause_key is not null order by 1`.execute(db);
  return rows.map((row) => row.cause_key);
}

/** The incident of several clients over a cause that is not over, if its last member joined less than so long ago. */
export async function openParent(db: Db, causeKey: string, withinMs: number): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i
    where client_id = ${INSTALLATION} and cause_key = ${causeKey} and state in ('open', 'acknowledged')
      and exists (select from incident m where m.parent_id = i.incident_id
        and m.opened_at > now() - ${withinMs} * interval '1 millisecond')
    order by opened_at desc limit 1`.execute(db);
  return rows[0];
}

/** Incidents over the same cause at other clients that are not over, stand alone and were opened less than so long ago. */
export async function siblingsOf(
  db: Db,
  { incident_id, client_id }: IncidentRow,
  causeKey: string,
  withinMs: number,
): Promise<IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i
    where client_id not in (${client_id}, ${INSTALLATION}) and incident_id <> ${incident_id} and parent_id is null
      and state in ('open', 'acknowledged') and opened_at > now() - ${withinMs} * interval '1 millisecond'
      and exists (select from incident_member m where m.incident_id = i.incident_id and m.cause_key = ${causeKey})
    order by opened_at, incident_id`.execute(db);
  return rows;
}

/** Makes incidents members of a wider one; answers those that were not yet. */
export async function joinParent(db: Db, parentId: string, incidentIds: readonly string[]): Promise<IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    update incident i set parent_id = ${parentId}
    where incident_id = any(${[...incidentIds]}) and parent_id is null
    returning ${INCIDENT_COLUMNS}`.execute(db);
  return rows;
}
