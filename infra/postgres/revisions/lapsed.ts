import { sql } from 'kysely';
import type { Db } from '../connect.ts';

const SETTLED = sql`('published', 'partially_published')`;

/** No attempt at the day `d` has begun since its inputs changed. */
const IS_UNSEEN = sql`not exists (select from attempt a where a.client_id = d.client_id and a.business_date = d.business_date
  and a.started_at > d.lapsed_at)`;

/**
 * Days `d` whose inputs have changed since they were judged: of settled ones all; of those that wait for a person the
 * ones that no attempt has looked at since, and that no decision is about to start one for.
 */
const IS_OUTDATED = sql`(d.lapsed_at is not null and (d.status in ${SETTLED} or (d.status = 'waiting'
  and ${IS_UNSEEN} and not exists (select from exception e where e.client_id = d.client_id and e.business_date = d.business_date
    and e.state = 'deciding'))))`;

/** Days that are to be closed anew, in order. */
export async function outdatedDays(db: Db, clientId: string): Promise<string[]> {
  const { rows } = await sql<{ business_date: string }>`
    select business_date from business_day d where client_id = ${clientId} and ${IS_OUTDATED} order by business_date`.execute(
    db,
  );
  return rows.map((row) => row.business_date);
}

/** What a settled day's slot of a source was last captured from. */
export type CapturedSlot = { source_id: string; slot_date: string; content_hash: Buffer; captured_at: Date };

/** The last captures of a source for the settled days of a range, both included. */
export async function capturedSlots(
  db: Db,
  { clientId, sourceId, from, to }: { clientId: string; sourceId: string; from: string; to: string },
): Promise<CapturedSlot[]> {
  const { rows } = await sql<CapturedSlot>`
    select distinct on (b.slot_date) b.source_id, b.slot_date, b.content_hash, b.captured_at
    from capture_batch b join business_day d on d.client_id = b.client_id and d.business_date = b.slot_date
    where b.client_id = ${clientId} and b.source_id = ${sourceId} and b.slot_date between ${from} and ${to}
      and (d.status in ${SETTLED} or d.status = 'waiting')
    order by b.slot_date, b.sequence desc`.execute(db);
  return rows;
}

/**
 * Clients with a day that is to be closed anew and that no attempt has looked at since: whoever was to close it anew is
 * gone. What was tried and failed waits for the night.
 */
export async function forgottenRevisions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ client_id: string }>`
    select distinct d.client_id from business_day d
    where d.lapsed_at < now() - interval '10 minutes' and ${IS_OUTDATED} and ${IS_UNSEEN}
    order by 1`.execute(db);
  return rows.map((row) => row.client_id);
}
