import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Whether a fix has a source's times read in another zone on a day: then records are of other days than they say. */
async function isReadInOtherZone(db: Db, clientId: string, sourceId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select from (
      select transform_version from day_transform
      where client_id = ${clientId} and source_id = ${sourceId} and business_date = ${date} order by sequence desc limit 1
    ) p join transform_version t on t.version = p.transform_version
    where t.client_id = ${clientId} and t.transform_id = ${sourceId}
      and t.rule->'adjustments' @> '[{"kind":"read_in_zone"}]'`.execute(db);
  return rows.length > 0;
}

/**
 * By how many records more, or fewer, a day has than they say themselves, because a fix reads their times otherwise. A
 * record is of the day on which its entries stand; one that makes none stays where it says.
 */
export async function movedRecords(db: Db, clientId: string, sourceId: string, date: string): Promise<number> {
  if (!(await isReadInOtherZone(db, clientId, sourceId, date))) return 0;
  const { rows } = await sql<{ moved: number }>`
    with standing as (
      select e.raw_event_id, bool_or(e.business_date = ${date}) as posted_here
      from ledger_entry e
      where e.client_id = ${clientId} and e.source_id = ${sourceId} and e.reverses_entry_id is null
        and not exists (select from ledger_entry x where x.reverses_entry_id = e.entry_id)
        and (e.business_date = ${date} or e.raw_event_id in (
          select raw_event_id from raw_event
          where client_id = ${clientId} and source_id = ${sourceId} and business_date = ${date}))
      group by 1
    )
    select coalesce(sum(posted_here::int - (r.business_date = ${date})::int), 0)::int as moved
    from standing join raw_event r using (raw_event_id)`.execute(db);
  return rows[0]!.moved;
}
