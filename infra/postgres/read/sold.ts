import { sql } from 'kysely';
import type { Facts } from '../../../domain/metrics/compute.ts';
import type { Db } from '../connect.ts';
import { salesByCustomer, salesByOrder } from '../customers/sales.ts';

/** Where the sales of a recomputed day are laid, to be counted as a set: memory does not grow with their number. */
export const SOLD = 'sold (store_id, order_id, customer_key)';

export async function createSold(db: Db): Promise<void> {
  await sql`
    create temp table sold (store_id text not null, order_id text, customer_key uuid) on commit drop`.execute(db);
}

type Counts = Pick<Facts, 'ordersPlaced' | 'ordersInReport' | 'customers' | 'newCustomers'>;
type CountRow = { store_id: string; orders: bigint; placed: bigint; customers: bigint; new_customers: bigint };
export type CountWish = {
  clientId: string;
  businessDate: string;
  /** What was known of earlier days then. */
  asOf: Date;
};

/** Whether an order `s` stands before the day, as the ledger held it at that instant. */
const orderedBefore = ({ clientId, businessDate, asOf }: CountWish) => sql`
  coalesce((select sum(p.sign) from ${salesByOrder(clientId, businessDate)} p
    where p.order_id = s.order_id and p.store_id = s.store_id and p.posted_at <= ${asOf}), 0) > 0`;

/** The same of the customers `s`, all at once. */
const boughtBefore = ({ clientId, businessDate, asOf }: CountWish) => sql`
  select customer_key from ${salesByCustomer(clientId, businessDate)} p
  where p.customer_key = any (array(select customer_key from sold where customer_key is not null)) and p.posted_at <= ${asOf}
  group by customer_key having sum(sign) > 0`;

const toCounts = (row: CountRow): Counts => ({
  ordersPlaced: row.placed,
  ordersInReport: row.orders,
  customers: row.customers,
  newCustomers: row.new_customers,
});

/**
 * Counts the orders and customers of what was laid in `sold`: of each store, and under '' of all together. An order that
 * was sold before the day is not placed on it, a customer who bought before is not new.
 */
export async function countSold(db: Db, wish: CountWish): Promise<Map<string, Counts>> {
  const { rows } = await sql<CountRow>`
    with orders as (
      select s.store_id, s.order_id, ${orderedBefore(wish)} as before
      from (select distinct store_id, order_id from sold where order_id is not null) s
    ), bought as materialized (${boughtBefore(wish)}), customers as (
      select s.customer_key, b.customer_key is not null as before
      from (select distinct customer_key from sold where customer_key is not null) s left join bought b using (customer_key)
    ), places as (select distinct store_id from sold union select '')
    select l.store_id,
      (select count(*) from orders o where l.store_id in ('', o.store_id))::bigint as orders,
      (select count(*) from orders o where l.store_id in ('', o.store_id) and not o.before)::bigint as placed,
      c.customers, c.new_customers
    from places l cross join lateral (
      select count(*)::bigint as customers, count(*) filter (where not c.before)::bigint as new_customers
      from customers c
      where exists (select from sold s where s.customer_key = c.customer_key and l.store_id in ('', s.store_id))
    ) c`.execute(db);
  return new Map(rows.map((row) => [row.store_id, toCounts(row)]));
}
