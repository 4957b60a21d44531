import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export type ActionRow = { at: Date; actor: string; what: string; reason: string };

/** What was done about an incident's exceptions since it was opened: attempts that ran the day anew, and decisions. */
export async function actionsOf(db: Db, incidentId: string): Promise<ActionRow[]> {
  const { rows } = await sql<ActionRow>`
    with concerned as (
      select e.* from incident_member m join incident i using (incident_id) join exception e using (exception_id)
      where i.incident_id = ${incidentId} or i.parent_id = ${incidentId})
    select d.decided_at as at, d.actor, d.verb as what, d.reason from decision d join concerned c using (exception_id)
    union all
    select a.started_at, a.actor, 'attempt ' || a.attempt || ' of ' || a.client_id || ' ' || a.business_date, a.status
    from attempt a where exists (select from concerned c where c.client_id = a.client_id
      and c.business_date = a.business_date and a.attempt > c.opened_attempt)
    order by 1`.execute(db);
  return rows;
}
