import { sql } from 'kysely';
import type { Db, Tx } from '../connect.ts';
import { ENDED } from '../review/transition.ts';
import type { DayOf } from './rows.ts';

/** An attempt that is under way says itself what became of a source `h`: late is what it captures, and not missed. */
const isAwaited = sql`h.kind = 'source' and exists (
  select from attempt a
  where a.client_id = h.client_id and a.business_date = h.business_date and a.ended_at is null)`;

/** Days with a hand-off whose deadline has passed, or with people who are asked about what is over. */
export async function daysWithDueHandoffs(db: Db, now: Date): Promise<DayOf[]> {
  const { rows } = await sql<DayOf>`
    select distinct h.client_id as "clientId", h.business_date as "businessDate"
    from handoff h left join exception e on e.exception_id = h.exception_id
    where h.state = 'pending' and ((h.kind <> 'person' and h.deadline <= ${now} and not (${isAwaited})) or (h.kind = 'person' and e.state in ${ENDED}))
    order by 1, 2`.execute(db);
  return rows;
}

export type DueHandoff = { handoff_id: string; kind: 'source' | 'destination'; subject: string; deadline: Date };

/**
 * The day's hand-offs to the close and to destinations whose deadline has passed; under the day's lock they stay so. An
 * exception that asks a person becomes overdue by its own review, which says so of the hand-off too.
 */
export async function dueHandoffs(tx: Tx, { clientId, businessDate }: DayOf, now: Date): Promise<DueHandoff[]> {
  const { rows } = await sql<DueHandoff>`
    select handoff_id, kind, subject, deadline from handoff h
    where client_id = ${clientId} and business_date = ${businessDate} and state = 'pending' and deadline <= ${now}
      and kind <> 'person' and not (${isAwaited})
    order by kind, subject`.execute(tx);
  return rows;
}
