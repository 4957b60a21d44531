import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { standingPins } from '../remediation/standing-pins.ts';

/** Somebody who made a transform of a source. */
export type Maker = { source: string; person: string };

/** Who changed how the day's records are read: of a fix that two people agreed to, the one who proposed it. */
async function fixMakers(db: Db, row: ExceptionRow): Promise<Maker[]> {
  const day = { clientId: row.client_id, businessDate: row.business_date };
  const { rows } = await sql<Maker>`
    select distinct p.source_id as source, coalesce((
      select first.actor from decision first
      where first.exception_id = d.exception_id and first.outcome = 'proposed' and first.verb = d.verb and first.args = d.args
      order by first.decided_at desc limit 1), d.actor) as person
    from (${standingPins(day)}) p join decision d using (decision_id) order by 1, 2`.execute(db);
  return rows;
}

/**
 * Who made the transforms behind an exception, by source: whoever applied the first version of the operating model that
 * has the one which the last attempt used, and whoever changed it for the day.
 */
export async function transformMakers(db: Db, row: ExceptionRow): Promise<Maker[]> {
  const { rows } = await sql<Maker>`
    select used.key as source, (
      select m.applied_by from operating_model m
      where m.client_id = a.client_id and m.transforms -> used.key = used.value
      order by m.version limit 1) as person
    from attempt a
    join operating_model pinned on pinned.client_id = a.client_id and pinned.version = a.model_version
    cross join jsonb_each(pinned.transforms) used
    where a.client_id = ${row.client_id} and a.business_date = ${row.business_date} and a.attempt = ${row.last_attempt}
    order by 1`.execute(db);
  return [...(await fixMakers(db, row)), ...rows];
}

/** Which of the metrics that an exception withholds the day has published before. */
export async function publishedBefore(db: Db, row: ExceptionRow): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select distinct metric from published_number
    where client_id = ${row.client_id} and business_date = ${row.business_date} and metric = any(${[...row.withheld]})
    order by 1`.execute(db);
  return rows.map((one) => one.metric);
}
