import { sql } from 'kysely';
import { type Facts, factKey } from '../../../domain/metrics/compute.ts';
import type { Db } from '../connect.ts';

/** The client as a whole, all of its stores together. */
export const ALL_STORES = '';

/** A store's slice of a day; dimension '' is the total. Of `ALL_STORES` only the customers are counted. */
export type SliceFacts = { storeId: string; dimension: string; member: string; facts: Facts };
type SliceKey = { store_id: string; dimension: string; member: string };
type SumRow = SliceKey & { book: string; kind: string; sum: bigint; entries: bigint };
type OrderRow = SliceKey & { placed: bigint; in_report: bigint; customers: bigint; new_customers: bigint };

const NONE = '(none)';

/** The member of a dimension that an entry `e` belongs to; '' where there is no dimension. */
export function memberColumn(dimension: string) {
  if (dimension === '') return sql`''`;
  if (dimension === 'channel' || dimension === 'campaign') return sql`coalesce(e.${sql.ref(dimension)}, ${NONE})`;
  return sql`coalesce(e.dimensions->>${dimension}, ${NONE})`;
}

async function readSums(db: Db, clientId: string, date: string, dimension: string): Promise<SumRow[]> {
  const { rows } = await sql<SumRow>`
    select e.store_id, ${dimension}::text as dimension, ${memberColumn(dimension)} as member, e.book, e.kind,
      sum(e.amount_micros)::bigint as sum,
      sum(case when e.reverses_entry_id is null then 1 else -1 end)::bigint as entries
    from ledger_entry e where e.client_id = ${clientId} and e.business_date = ${date}
    group by 1, 2, 3, 4, 5`.execute(db);
  return rows;
}

/**
 * Orders and customers of a day. A line and its technical reversal cancel; an order is placed on the day of its first
 * standing gross_sales entry, a customer is new on the day of the first order ever, by event time.
 */
async function readOrders(
  db: Db,
  clientId: string,
  date: string,
  dimension: string,
  across = false,
): Promise<OrderRow[]> {
  const store = across ? sql`${ALL_STORES}::text` : sql`s.store_id`;
  const { rows } = await sql<OrderRow>`
    with standing as (
      select e.store_id, ${memberColumn(dimension)} as member, e.order_id, e.customer_key
      from ledger_entry e
      where e.client_id = ${clientId} and e.business_date = ${date} and e.kind = 'gross_sales'
      group by 1, 2, 3, 4 having sum(case when e.reverses_entry_id is null then 1 else -1 end) > 0
    ), earlier_orders as (
      select distinct s.store_id, s.order_id from standing s
      where (select sum(case when p.reverses_entry_id is null then 1 else -1 end) from ledger_entry p
        where p.client_id = ${clientId} and p.kind = 'gross_sales' and p.order_id = s.order_id and p.store_id = s.store_id
          and p.business_date < ${date}) > 0
    ), earlier_customers as (
      select distinct s.customer_key from standing s
      where s.customer_key is not null
        and (select sum(case when p.reverses_entry_id is null then 1 else -1 end) from ledger_entry p
        where p.client_id = ${clientId} and p.kind = 'gross_sales' and p.customer_key = s.customer_key
          and p.business_date < ${date}) > 0
    )
    select ${store} as store_id, ${dimension}::text as dimension, s.member,
      count(distinct s.order_id) filter (where o.order_id is null)::bigint as placed,
      count(distinct s.order_id)::bigint as in_report,
      count(distinct s.customer_key)::bigint as customers,
      count(distinct s.customer_key) filter (where c.customer_key is null)::bigint as new_customers
    from standing s
    left join earlier_orders o on o.store_id = s.store_id and o.order_id = s.order_id
    left join earlier_customers c on c.customer_key = s.customer_key
    group by 1, 2, 3`.execute(db);
  return rows;
}

type MutableFacts = Facts & { sums: Map<string, bigint>; entries: Map<string, bigint> };

const emptyFacts = (): MutableFacts => ({
  sums: new Map(),
  entries: new Map(),
  ordersPlaced: 0n,
  ordersInReport: 0n,
  customers: 0n,
  newCustomers: 0n,
});

/** What a day without entries has. */
export const noFacts = (): Facts => emptyFacts();

type Gathered = SliceFacts & { facts: MutableFacts };

function gather(sums: readonly SumRow[], orders: readonly OrderRow[], customers: readonly OrderRow[]): SliceFacts[] {
  const slices = new Map<string, Gathered>();
  const slice = ({ store_id, dimension, member }: SliceKey) => {
    const key = JSON.stringify([store_id, dimension, member]);
    const found = slices.get(key) ?? { storeId: store_id, dimension, member, facts: emptyFacts() };
    slices.set(key, found);
    return found;
  };
  for (const row of sums) {
    const { facts } = slice(row);
    facts.sums.set(factKey(row.book, row.kind), row.sum);
    facts.entries.set(factKey(row.book, row.kind), row.entries);
  }
  for (const row of orders)
    Object.assign(slice(row).facts, { ordersPlaced: row.placed, ordersInReport: row.in_report });
  for (const row of [...orders, ...customers])
    Object.assign(slice(row).facts, { customers: row.customers, newCustomers: row.new_customers });
  return [...slices.values()];
}

/**
 * The facts of a client's day: each store's total, and each member of the given dimensions. With `acrossStores` also the
 * customers of all stores together: one who buys in two stores is one customer of the client.
 */
export async function readFacts(
  db: Db,
  clientId: string,
  date: string,
  dimensions: readonly string[],
  { acrossStores = false } = {},
): Promise<SliceFacts[]> {
  const sums: SumRow[] = [];
  const orders: OrderRow[] = [];
  const customers: OrderRow[] = [];
  for (const dimension of ['', ...dimensions]) {
    sums.push(...(await readSums(db, clientId, date, dimension)));
    orders.push(...(await readOrders(db, clientId, date, dimension)));
    if (acrossStores) customers.push(...(await readOrders(db, clientId, date, dimension, true)));
  }
  return gather(sums, orders, customers);
}
