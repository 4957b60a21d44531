import { sql } from 'kysely';
import type { Severity } from '../../../schemas/operating-model.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { INCIDENT_COLUMNS, type IncidentRow, incidentIdOf } from './rows.ts';

/** The incident that this very question has become, also where it is over: what was resolved is not opened by a second look. */
export async function incidentOfQuestion(db: Db, row: ExceptionRow): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident_member m join incident i using (incident_id)
    where m.exception_id = ${row.exception_id} and m.deadline is not distinct from ${row.deadline}
    order by m.joined_at desc limit 1`.execute(db);
  return rows[0];
}

/** The incident of the day that is not over. */
export async function incidentOfDay(db: Db, row: ExceptionRow): Promise<IncidentRow | undefined> {
  const { rows } = await sql<IncidentRow>`
    select ${INCIDENT_COLUMNS} from incident i
    where client_id = ${row.client_id} and business_date = ${row.business_date} and state in ('open', 'acknowledged')`.execute(
    db,
  );
  return rows[0];
}

export type NewIncident = {
  clientId: string;
  businessDate: string | null;
  /** What its id is made of, with the number of those before it. */
  key: readonly string[];
  causeKey: string | null;
  severity: Severity;
  owner: string;
  title: string;
};

/** The transaction holds what `key` names: a day, or a cause. */
export async function insertIncident(db: Db, one: NewIncident): Promise<IncidentRow> {
  const before = await sql<{ count: number }>`
    select count(*)::integer as count from incident
    where client_id = ${one.clientId} and business_date is not distinct from ${one.businessDate}
      and (${one.businessDate}::date is not null or cause_key = ${one.causeKey})`.execute(db);
  const id = incidentIdOf(one.key, before.rows[0]!.count + 1);
  const { rows } = await sql<IncidentRow>`
    insert into incident as i (incident_id, client_id, business_date, cause_key, severity, owner, state, title)
    values (${id}, ${one.clientId}, ${one.businessDate}, ${one.causeKey}, ${one.severity}, ${one.owner}, 'open', ${one.title})
    returning ${INCIDENT_COLUMNS}`.execute(db);
  return rows[0]!;
}

/** Makes an exception part of an incident; false where it is already. */
export async function addMember(
  db: Db,
  incidentId: string,
  row: ExceptionRow,
  causeKey: string | null,
): Promise<boolean> {
  const { rows } = await sql<{ added: boolean }>`
    insert into incident_member as m (incident_id, exception_id, client_id, cause_key, deadline)
    values (${incidentId}, ${row.exception_id}, ${row.client_id}, ${causeKey}, ${row.deadline})
    on conflict (incident_id, exception_id) do update set deadline = excluded.deadline
    returning xmax = 0 as added`.execute(db);
  return rows[0]!.added;
}

/** The incidents of an exception that are not over. */
export async function incidentsToTell(db: Db, exceptionId: string): Promise<string[]> {
  const { rows } = await sql<{ incident_id: string }>`
    select incident_id from incident_member m join incident i using (incident_id)
    where m.exception_id = ${exceptionId} and i.state in ('open', 'acknowledged')`.execute(db);
  return rows.map((row) => row.incident_id);
}
