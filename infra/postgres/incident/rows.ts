import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { IncidentState } from '../../../domain/incident/states.ts';
import type { Severity } from '../../../schemas/operating-model.ts';
import { INSTALLATION } from '../audit.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { ENDED } from '../review/transition.ts';

export type IncidentRow = {
  incident_id: string;
  /** `@installation` for an incident of several clients. */
  client_id: string;
  /** null for an incident of several clients. */
  business_date: string | null;
  cause_key: string | null;
  parent_id: string | null;
  severity: Severity;
  owner: string;
  state: IncidentState;
  title: string;
  /** How often its owner was told, the first time included. */
  alerts: number;
  alerted_at: Date;
  cause: string | null;
  opened_at: Date;
  acknowledged_at: Date | null;
  resolved_at: Date | null;
  closed_at: Date | null;
};

/** An incident that spans clients, whose members are the incidents of each. */
export const isParent = ({ client_id }: Pick<IncidentRow, 'client_id'>): boolean => client_id === INSTALLATION;

/** The n-th incident of what `key` names. */
export const incidentIdOf = (key: readonly string[], ordinal: number): string =>
  createHash('sha256')
    .update(JSON.stringify(['incident', ...key, ordinal]))
    .digest('hex')
    .slice(0, 20);

export const INCIDENT_COLUMNS = sql`i.incident_id, i.client_id, i.business_date, i.cause_key, i.parent_id, i.severity, i.owner, i.state,
  i.title, i.alerts, i.alerted_at, i.cause, i.opened_at, i.acknowledged_at, i.resolved_at, i.closed_at`;

export async function loadIncident(db: Db, incidentId: string): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i where incident_id = ${incidentId}`.execute(db);
  return rows[0];
}

/** Takes an incident's row for the rest of the transaction. */
export async function lockIncident(db: Db, incidentId: string): Promise<IncidentRow> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i where incident_id = ${incidentId} for update`.execute(db);
  if (!rows[0]) throw new Error(`incident ${incidentId} is not stored`);
  return rows[0];
}

/** Exceptions of an incident; of one that spans clients, those of all its members. */
export async function exceptionsOf(
  db: Db,
  incidentId: string,
): Promise<(ExceptionRow & { resolution: string | null })[]> {
  const { rows } = await sql<ExceptionRow & { resolution: string | null }>`
    select e.* from incident_member m join incident i using (incident_id) join exception e using (exception_id)
    where i.incident_id = ${incidentId} or i.parent_id = ${incidentId}
    order by e.client_id, e.business_date, e.exception_id`.execute(db);
  return rows;
}

/** Whether everything that an incident is about has ended: its exceptions, or its members where it spans clients. */
export const IS_ENDED = sql<boolean>`
  case when i.client_id = ${INSTALLATION}
    then not exists (select from incident m where m.parent_id = i.incident_id and m.state in ('open', 'acknowledged'))
    else not exists (select from incident_member m join exception e using (exception_id)
      where m.incident_id = i.incident_id and e.state not in ${ENDED}) end`;

export async function hasEnded(db: Db, incidentId: string): Promise<boolean> {
  const { rows } = await sql<{ ended: boolean }>`
    select ${IS_ENDED} as ended from incident i where incident_id = ${incidentId}`.execute(db);
  return rows[0]?.ended === true;
}

export async function membersOf(db: Db, parentId: string): Promise<IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i where parent_id = ${parentId} order by client_id, business_date`.execute(
    db,
  );
  return rows;
}
