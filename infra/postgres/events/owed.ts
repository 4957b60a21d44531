import { sql } from 'kysely';
import { type OwedEvent, WAITING } from '../../../domain/routing/messages.ts';
import type { Db } from '../connect.ts';

type Row = Omit<OwedEvent, 'at' | 'businessDate'> & { at: Date; business_date: string | null };

/**
 * Events that somebody is still to hear of, oldest first. Whoever takes them holds them until commit, so that two never
 * tell of the same.
 * @param isUrgent only those that do not wait for the end of a night
 */
export async function takeOwed(tx: Db, clientId: string, isUrgent: boolean): Promise<OwedEvent[]> {
  const { rows } = await sql<Row>`
    select event_id as id, type, business_date, at, facts, routed from event
    where client_id = ${clientId} and is_owed and type <> all(${isUrgent ? [...WAITING] : []}::text[])
    order by at, event_id for update`.execute(tx);
  return rows.map(({ at, business_date: businessDate, ...row }) => ({ ...row, businessDate, at: at.toISOString() }));
}

/** Nobody is to hear of these any more. */
export async function settleOwed(tx: Db, ids: readonly string[]): Promise<void> {
  await sql`update event set is_owed = false where event_id = any(${[...ids]})`.execute(tx);
}

/** Notes what a message tells of. */
export async function noteTold(
  tx: Db,
  clientId: string,
  told: readonly { messageId: string; eventId: string }[],
): Promise<void> {
  const rows = told.map((one) => ({ message_id: one.messageId, event_id: one.eventId }));
  await sql`
    insert into delivery_event (delivery_id, client_id, event_id)
    select d.delivery_id, ${clientId}, r.event_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(message_id text, event_id text)
    join delivery d using (message_id)
    on conflict do nothing`.execute(tx);
}

/** Whether somebody is to hear of a month of the client. */
export async function owesPeriod(db: Db, clientId: string): Promise<boolean> {
  const { rows } = await sql`
    select from event where client_id = ${clientId} and is_owed and type like 'period.%' limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * Clients of whom somebody is to hear something that nobody has handed on: at once, or what waited for longer than a
 * night.
 */
export async function clientsOwing(db: Db, waitedFor: string): Promise<string[]> {
  const { rows } = await sql<{ client_id: string }>`
    select distinct client_id from event
    where is_owed and (at < now() - ${waitedFor}::interval or type <> all(${[...WAITING]}))
    order by 1`.execute(db);
  return rows.map((row) => row.client_id);
}
