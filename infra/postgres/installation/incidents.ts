import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { IS_ENDED } from '../incident/rows.ts';

export type UnclosedIncident = {
  incidentId: string;
  clientId: string;
  businessDate: string | null;
  title: string;
  /** Everything that it is about has ended: its workflow may have missed the last word of it. */
  ended: boolean;
};

/** Every incident of the installation that is not closed: each must have a workflow. */
export async function unclosedIncidents(db: Db): Promise<UnclosedIncident[]> {
  const { rows } = await sql<UnclosedIncident>`
    select i.incident_id as "incidentId", i.client_id as "clientId", i.business_date as "businessDate", i.title,
      i.state in ('open', 'acknowledged') and ${IS_ENDED} as ended
    from incident i where i.state <> 'closed' order by i.incident_id`.execute(db);
  return rows;
}
