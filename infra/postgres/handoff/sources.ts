import { sql } from 'kysely';
import type { Tx } from '../connect.ts';
import type { DayOf, HandoffRow } from './rows.ts';
import { handoffBecomes, takesHandoff } from './transition.ts';

/** Notes what the close took of each source's latest file, and how many records of it broke the schema. */
async function countTaken(tx: Tx, { clientId, businessDate }: DayOf): Promise<void> {
  await sql`
    update handoff h set batch_id = b.batch_id, records = b.records, quarantined = b.quarantined
    from (
      select distinct on (c.source_id) c.source_id, c.batch_id, c.records,
        (select count(*)::int from quarantine q join raw_event r using (raw_event_id)
          where r.client_id = c.client_id and r.source_id = c.source_id and q.business_date = c.slot_date
            and q.released_at is null) as quarantined
      from capture_batch c
      where c.client_id = ${clientId} and c.slot_date = ${businessDate}
      order by c.source_id, c.sequence desc) b
    where h.client_id = ${clientId} and h.business_date = ${businessDate} and h.kind = 'source' and h.subject = b.source_id
      and h.state in ('delivered', 'late', 'acknowledged')
      and (h.batch_id, h.records, h.quarantined) is distinct from (b.batch_id, b.records, b.quarantined)`.execute(tx);
}

/** The attempt that normalizes a file acknowledges it. */
export async function acknowledgeSources(tx: Tx, day: DayOf & { attempt: number }): Promise<HandoffRow[]> {
  await countTaken(tx, day);
  const { rows } = await sql<HandoffRow>`
    update handoff set state = ${handoffBecomes('acknowledge', sql`state`)}, acknowledged_at = now(),
      acknowledged_by = ${`attempt ${day.attempt}`}
    where client_id = ${day.clientId} and business_date = ${day.businessDate} and kind = 'source'
      and state in ${takesHandoff('acknowledge')}
    returning *`.execute(tx);
  return rows;
}

/** A source that was missed has its exception already, the close's own: it is that one, and no second. */
export async function linkSources(tx: Tx, { clientId, businessDate }: DayOf): Promise<void> {
  await sql`
    update handoff h set exception_id = e.exception_id from exception e
    where h.client_id = ${clientId} and h.business_date = ${businessDate} and h.kind = 'source' and h.state = 'missed'
      and h.exception_id is null and e.client_id = h.client_id and e.business_date = h.business_date
      and e.kind = 'source' and e.source_id = h.subject`.execute(tx);
}
