import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A record's source, and the key by which people know it. */
export type EventOfDay = { source: string; key: string };

/** Those of these records that belong to a client's day, in quarantine or not; others are left out. */
export async function eventsByDay(
  db: Db,
  clientId: string,
  date: string,
  events: readonly string[],
): Promise<Map<string, EventOfDay>> {
  const { rows } = await sql<EventOfDay & { event: string }>`
    select r.raw_event_id::text as event, r.source_id as source, r.business_key as key from raw_event r
    left join quarantine q on q.raw_event_id = r.raw_event_id and q.released_at is null
    where r.raw_event_id = any(${[...events]}::bigint[]) and r.client_id = ${clientId}
      and (r.business_date = ${date} or q.business_date = ${date})`.execute(db);
  return new Map(rows.map(({ event, source, key }) => [event, { source, key }]));
}
