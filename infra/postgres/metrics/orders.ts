import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { ALL_STORES, memberColumns, memberName, type SliceKey } from './slices.ts';

/** What to count of a day: orders by store, customers by store, customers of all stores together. */
export type Counted = 'orders' | 'customers' | 'customers_across';
export type CountRow = SliceKey & { counted: Counted; all: bigint; first: bigint };

const SIGN = sql`sum(case when p.reverses_entry_id is null then 1 else -1 end)`;

/**
 * True where the client has standing sales before the date that share a column with the day's row `g`. The zero hides the
 * date from the planner: only the index of the shared column can serve then, also while statistics are missing.
 */
function soldBefore(clientId: string, date: string, shared: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`coalesce((select ${SIGN} from ledger_entry p
    where p.client_id = ${clientId} and p.kind = 'gross_sales' and ${shared} and p.business_date + 0 < ${date}), 0) > 0`;
}

/** A day without sales before it has first orders and new customers only; asking that once saves asking for each. */
async function hasEarlierSales(db: Db, clientId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger_entry
    where client_id = ${clientId} and business_date < ${date} and kind = 'gross_sales' limit 1`.execute(db);
  return rows.length > 0;
}

const SUBJECT = {
  orders: { store: sql.ref('store_id'), id: sql.ref('order_id'), before: sql.ref('ordered_before') },
  customers: { store: sql.ref('store_id'), id: sql.ref('customer_key'), before: sql.ref('bought_before') },
  customers_across: { store: sql.lit(ALL_STORES), id: sql.ref('customer_key'), before: sql.ref('bought_before') },
};

function countOf(counted: Counted, dimension: string, at: number) {
  const { store, id, before } = SUBJECT[counted];
  return sql`
    select store_id, ${dimension}::text as dimension, member, ${counted}::text as counted,
      count(*)::bigint as all, count(*) filter (where not before)::bigint as first
    from (select ${store} as store_id, ${memberName(at)} as member, ${id} as id, bool_or(${before}) as before
      from standing where ${id} is not null group by 1, 2, 3) ids
    group by 1, 3`;
}

/**
 * Orders and customers of a day, for each of the dimensions ('' is the total). A line and its technical reversal cancel;
 * an order is placed on the day of its first standing gross_sales entry, a customer is new on the day of the first order
 * ever, by event time.
 */
export async function readCounts(
  db: Db,
  clientId: string,
  date: string,
  dimensions: readonly string[],
  wanted: readonly Counted[],
): Promise<CountRow[]> {
  if (wanted.length === 0) return [];
  const earlier = await hasEarlierSales(db, clientId, date);
  const when = (needed: boolean, sold: RawBuilder<unknown>) => (earlier && needed ? sold : sql`false`);
  const order = sql`p.order_id = g.order_id and p.store_id = g.store_id`;
  const columns = [sql`e.store_id`, sql`e.order_id`, sql`e.customer_key`, ...memberColumns(dimensions)];
  const parts = wanted.flatMap((counted) => dimensions.map((dimension, at) => countOf(counted, dimension, at)));
  const { rows } = await sql<CountRow>`
    with standing as materialized (
      select g.*,
        ${when(wanted.includes('orders'), soldBefore(clientId, date, order))} as ordered_before,
        ${when(wanted.some(isOfCustomers), soldBefore(clientId, date, sql`p.customer_key = g.customer_key`))} as bought_before
      from (
        select ${sql.join(columns)} from ledger_entry e
        where e.client_id = ${clientId} and e.business_date = ${date} and e.kind = 'gross_sales'
        group by ${sql.join(columns.map((_, at) => sql.lit(at + 1)))}
        having sum(case when e.reverses_entry_id is null then 1 else -1 end) > 0
      ) g
    )
    ${sql.join(parts, sql` union all `)}`.execute(db);
  return rows;
}

const isOfCustomers = (counted: Counted): boolean => counted !== 'orders';
