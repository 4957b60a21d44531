import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** How a client's business days are told apart. */
export type ClientClock = { timezone: string; cutOff: string };

/** The clock of a client by its latest operating model; undefined for a client without one. */
export async function currentClock(db: Db, clientId: string): Promise<ClientClock | undefined> {
  const { rows } = await sql<ClientClock>`
    select document #>> '{client,timezone}' as timezone, document #>> '{client,cutOff}' as "cutOff"
    from operating_model where client_id = ${clientId} order by version desc limit 1`.execute(db);
  return rows[0];
}

/** The clients whose nights are scheduled, each as its latest operating model says. */
export async function scheduledNights(db: Db): Promise<{ clientId: string; at: string; timezone: string }[]> {
  const { rows } = await sql<{ clientId: string; at: string; timezone: string }>`
    select c.client_id as "clientId", m.document #>> '{report,schedule,at}' as at,
      m.document #>> '{client,timezone}' as timezone
    from client c join lateral (
      select document from operating_model o where o.client_id = c.client_id order by version desc limit 1) m on true
    where c.scheduled_at is not null order by c.client_id`.execute(db);
  return rows;
}
