import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

/**
 * Who applied the transforms that the attempt used which found an exception last, by source: whoever applied the first
 * version of the operating model that has the transform.
 */
export async function transformMakers(db: Db, row: ExceptionRow): Promise<{ source: string; person: string }[]> {
  const { rows } = await sql<{ source: string; person: string }>`
    select used.key as source, (
      select m.applied_by from operating_model m
      where m.client_id = a.client_id and m.transforms -> used.key = used.value
      order by m.version limit 1) as person
    from attempt a
    join operating_model pinned on pinned.client_id = a.client_id and pinned.version = a.model_version
    cross join jsonb_each(pinned.transforms) used
    where a.client_id = ${row.client_id} and a.business_date = ${row.business_date} and a.attempt = ${row.last_attempt}
    order by 1`.execute(db);
  return rows;
}

/** Which of the metrics that an exception withholds the day has published before. */
export async function publishedBefore(db: Db, row: ExceptionRow): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select distinct metric from published_number
    where client_id = ${row.client_id} and business_date = ${row.business_date} and metric = any(${[...row.withheld]})
    order by 1`.execute(db);
  return rows.map((one) => one.metric);
}
