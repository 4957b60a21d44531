import { sql } from 'kysely';
import type { DayTotal } from '../../../domain/period/over-days.ts';
import type { Db } from '../connect.ts';

type TotalRow = {
  date: string;
  store_id: string;
  metric: string;
  definition: string;
  currency: string | null;
  value_micros: bigint | null;
};

/**
 * The published totals of a range of days, both included, each by its present version.
 * @param metrics null for all of them
 */
export async function totalsBetween(
  db: Db,
  clientId: string,
  { from, to }: { from: string; to: string },
  metrics: readonly string[] | null,
): Promise<DayTotal[]> {
  const isWanted = metrics === null ? sql`true` : sql`metric = any(${[...metrics]})`;
  const { rows } = await sql<TotalRow>`
    select distinct on (business_date, store_id, metric) business_date as date, store_id, metric, definition, currency, value_micros
    from published_number
    where client_id = ${clientId} and business_date between ${from} and ${to} and dimension = '' and ${isWanted}
    order by business_date, store_id, metric, version desc`.execute(db);
  return rows.map(({ store_id: storeId, value_micros: valueMicros, ...row }) => ({ ...row, storeId, valueMicros }));
}
