import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** The source of each of these records that belongs to a client's day, in quarantine or not; others are left out. */
export async function sourcesOfEvents(
  db: Db,
  clientId: string,
  date: string,
  events: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ event: string; source_id: string }>`
    select r.raw_event_id::text as event, r.source_id from raw_event r
    left join quarantine q on q.raw_event_id = r.raw_event_id and q.released_at is null
    where r.raw_event_id = any(${[...events]}::bigint[]) and r.client_id = ${clientId}
      and (r.business_date = ${date} or q.business_date = ${date})`.execute(db);
  return new Map(rows.map((row) => [row.event, row.source_id]));
}
