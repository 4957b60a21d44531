import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** The sum of a control's differences over the earlier days of the month, by store and slice; nothing is zero. */
export type MonthDifferences = (controlId: string, storeId: string, slice: string) => bigint;
type SumRow = { control_id: string; store_id: string; slice: string; total: bigint };

const keyOf = (...parts: string[]): string => JSON.stringify(parts);

/** Each day counts by the attempt that it rests on; a day that was not compared adds nothing. */
export async function monthDifferences(db: Db, clientId: string, date: string): Promise<MonthDifferences> {
  const { rows } = await sql<SumRow>`
    select c.control_id, c.store_id, c.slice, sum(c.difference_micros)::bigint as total
    from control_result c
    join business_day d on d.client_id = c.client_id and d.business_date = c.business_date and d.settled_attempt = c.attempt
    where c.client_id = ${clientId} and c.difference_micros is not null
      and c.business_date >= date_trunc('month', ${date}::date) and c.business_date < ${date}
    group by 1, 2, 3`.execute(db);
  const sums = new Map(rows.map((row) => [keyOf(row.control_id, row.store_id, row.slice), row.total]));
  return (controlId, storeId, slice) => sums.get(keyOf(controlId, storeId, slice)) ?? 0n;
}
