import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { KEPT, type KeptDelivery } from '../report/deliveries.ts';

/** What waits for one destination of a client, in order. */
export type Outbox = { clientId: string; destinationId: string };

/** What is to be sent next: the oldest that waits. */
export async function nextQueued(db: Db, { clientId, destinationId }: Outbox): Promise<KeptDelivery | undefined> {
  const { rows } = await sql<KeptDelivery>`
    select ${KEPT} from delivery
    where client_id = ${clientId} and destination_id = ${destinationId} and queued_at is not null
    order by delivery_id limit 1`.execute(db);
  return rows[0];
}

/** Outboxes of the installation that are not empty: each must have a workflow. */
export async function filledOutboxes(db: Db): Promise<Outbox[]> {
  const { rows } = await sql<Outbox>`
    select distinct client_id as "clientId", destination_id as "destinationId" from delivery
    where queued_at is not null order by 1, 2`.execute(db);
  return rows;
}
