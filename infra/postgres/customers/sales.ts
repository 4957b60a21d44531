import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { sampleLoad } from '../statistics.ts';

/** A sale, or its technical reversal. */
const SIGN = sql`case when reverses_entry_id is null then 1 else -1 end`;

/**
 * Notes, in the transaction that posts them, that days have sales that are not sorted by customer yet. Until they are, the
 * ledger is asked for the sales of these days.
 */
export async function noteSales(db: Db, clientId: string, dates: readonly string[]): Promise<void> {
  await sql`
    insert into customer_backlog (client_id, business_date)
    select ${clientId}, day from unnest(${[...dates]}::date[]) as noted (day)`.execute(db);
}

/** Days whose note is taken away: whoever posts to them meanwhile leaves a note of his own, which stays. */
async function takeBacklog(tx: Db, clientId: string, before: string | null): Promise<string[]> {
  const { rows } = await sql<{ business_date: string }>`
    delete from customer_backlog
    where client_id = ${clientId} and (${before}::date is null or business_date < ${before}::date)
    returning business_date`.execute(tx);
  return [...new Set(rows.map((row) => row.business_date))];
}

async function sortDays(tx: Db, clientId: string, dates: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into customer_sale (client_id, customer_key, business_date, entry_id, posted_at, sign)
    select client_id, customer_key, business_date, entry_id, posted_at, ${SIGN}
    from ledger_entry e
    where client_id = ${clientId} and business_date = any(${[...dates]}::date[]) and kind = 'gross_sales'
      and customer_key is not null and not exists (
        select from customer_sale c
        where c.client_id = ${clientId} and c.business_date = any(${[...dates]}::date[]) and c.entry_id = e.entry_id)
    order by customer_key`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/**
 * Sorts a client's new sales by customer: of all days, or of those before one. One at a time, so that none is sorted
 * twice; what is posted meanwhile keeps its note, and is sorted the next time.
 */
export function sortSales(db: Db, clientId: string, before: string | null = null): Promise<void> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`customers/${clientId}`}, 0))`.execute(tx);
    const dates = await takeBacklog(tx, clientId, before);
    if (dates.length > 0) await sampleLoad(tx, 'customer_sale', await sortDays(tx, clientId, dates));
  });
}

/**
 * A client's sales before a day by order, as rows of `store_id`, `order_id`, `entry_id`, `posted_at` and `sign`, -1 for a
 * technical reversal. The zero hides the date from the planner: only the index by order can serve then.
 */
export const salesByOrder = (clientId: string, before: string): RawBuilder<unknown> => sql`(
  select store_id, order_id, entry_id, posted_at, ${SIGN} as sign from ledger_entry
  where client_id = ${clientId} and kind = 'gross_sales' and business_date + 0 < ${before}::date)`;

/**
 * A client's sales before a day by customer, as rows of `customer_key`, `entry_id`, `posted_at` and `sign`, -1 for a
 * technical reversal: the sorted ones and, for days with a note, those of the ledger. The zero hides the date from the
 * planner: only the index by customer can serve then, also while statistics are missing.
 */
export const salesByCustomer = (clientId: string, before: string): RawBuilder<unknown> => sql`(
  select customer_key, entry_id, posted_at, sign from customer_sale c
  where client_id = ${clientId} and business_date + 0 < ${before}::date and not exists (
    select from customer_backlog b where b.client_id = ${clientId} and b.business_date = c.business_date)
  union all
  select e.customer_key, e.entry_id, e.posted_at, ${SIGN}
  from (select distinct business_date from customer_backlog where client_id = ${clientId} and business_date < ${before}::date) b
  join ledger_entry e on e.client_id = ${clientId} and e.business_date = b.business_date
  where e.kind = 'gross_sales' and e.customer_key is not null)`;
