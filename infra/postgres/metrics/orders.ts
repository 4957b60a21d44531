import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { salesByCustomer, salesByOrder } from '../customers/sales.ts';
import type { Readers } from '../twin.ts';
import { ALL_STORES, memberColumns, namedSlice, type SlicedRow, type SliceKey, slicesBy } from './slices.ts';

/** What to count of a day: orders by store, customers by store, customers of all stores together. */
export type Counted = 'orders' | 'customers' | 'customers_across';
export type CountRow = SliceKey & { counted: Counted; all: bigint; first: bigint };
type Day = { clientId: string; date: string };

/** One of several equal parts of the ids, told apart by their hash: the parts' counts add up. */
type Part = { at: number; of: number };

const hashOf = {
  order_id: sql`hashtextextended(e.order_id, 0)`,
  customer_key: sql`uuid_hash_extended(e.customer_key, 0)`,
};

/** `within` is what makes an id one of a kind: an order is known by its store, a customer by the client. */
const SUBJECT = {
  orders: { store: sql.ref('e.store_id'), id: 'order_id', within: [sql.ref('store_id')] },
  customers: { store: sql.ref('e.store_id'), id: 'customer_key', within: [] },
  customers_across: { store: sql.lit(ALL_STORES), id: 'customer_key', within: [] },
} as const;

/** A line and its technical reversal cancel. */
const STANDS = sql`sum(case when reverses_entry_id is null then 1 else -1 end) > 0`;

/** A day without sales before it has first orders and new customers only; asking that once saves asking for each. */
async function hasEarlierSales(db: Db, { clientId, date }: Day): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ledger_entry
    where client_id = ${clientId} and business_date < ${date} and kind = 'gross_sales' limit 1`.execute(db);
  return rows.length > 0;
}

const isOfPart = (id: keyof typeof hashOf, { at, of }: Part) =>
  of === 1 ? sql`true` : sql`abs(${hashOf[id]} % ${sql.lit(of)}) = ${sql.lit(at)}`;

/** The ids of a part that stand on a day, in total and for each member of each dimension. */
function idsOfDay({ clientId, date }: Day, counted: Counted, dimensions: readonly string[], part: Part) {
  const { store, id } = SUBJECT[counted];
  const { groups, level, member } = slicesBy(['store_id', 'id'], dimensions);
  const columns = [sql`${store} as store_id`, sql`e.${sql.ref(id)} as id`, sql`e.reverses_entry_id`];
  return sql`
    select store_id, id, ${level} as level, ${member} as member
    from (
      select ${sql.join([...columns, ...memberColumns(dimensions)])} from ledger_entry e
      where e.client_id = ${clientId} and e.business_date = ${date} and e.kind = 'gross_sales' and e.${sql.ref(id)} is not null
        and ${isOfPart(id, part)}
    ) sales
    group by ${groups} having ${STANDS}`;
}

/**
 * Those of the day's ids that stand on an earlier day. They are looked up all at once, in the order of the index: where
 * they lie together, as numbers do that are given one after the other, that is one walk along it. Materialized, as a
 * planner that takes the day for empty would look them all up once for each of them.
 */
function soldBefore({ clientId, date }: Day, counted: Counted, dimensions: readonly string[], earlier: boolean) {
  const { id, within } = SUBJECT[counted];
  const [column, keys] = [sql.ref(id), sql.join([...within, sql.ref(id)])];
  const sales = (counted === 'orders' ? salesByOrder : salesByCustomer)(clientId, date);
  return sql`
    select ${sql.join([...within, sql`${column} as id`])} from ${sales} sales
    where ${sql.lit(earlier)} and ${column} = any (array(select id from ids where level = ${sql.lit(dimensions.length)}))
    group by ${keys} having sum(sign) > 0`;
}

async function countPart(
  db: Db,
  day: Day,
  counted: Counted,
  dimensions: readonly string[],
  { earlier, ...part }: Part & { earlier: boolean },
): Promise<CountRow[]> {
  const { within } = SUBJECT[counted];
  const same = [...within, sql.ref('id')].map((key) => sql`ids.${key} = sold.${key}`);
  const { rows } = await sql<SlicedRow<CountRow>>`
    with ids as (${idsOfDay(day, counted, dimensions, part)}),
      sold as materialized (${soldBefore(day, counted, dimensions, earlier)})
    select ids.store_id, ids.level, ids.member, ${counted}::text as counted,
      count(*)::bigint as all, count(*) filter (where sold.id is null)::bigint as first
    from ids left join sold on ${sql.join(same, sql` and `)}
    group by 1, 2, 3`.execute(db);
  return rows.map((row) => namedSlice(dimensions, row));
}

const addUp = (parts: readonly CountRow[], count: 'all' | 'first'): bigint =>
  parts.reduce((sum, part) => sum + part[count], 0n);

/** Adds up what was counted of the parts. */
function together(parts: readonly CountRow[]): CountRow[] {
  const groups = Map.groupBy(parts, (row) => JSON.stringify([row.store_id, row.dimension, row.member, row.counted]));
  return [...groups.values()].map((rows) => ({ ...rows[0]!, all: addUp(rows, 'all'), first: addUp(rows, 'first') }));
}

/**
 * Orders and customers of a day, in total and for each member of the dimensions. An order is placed on the day of its
 * first standing gross_sales entry, a customer is new on the day of the first order ever, by event time. Each of the
 * readers counts its part, side by side.
 */
export async function readCounts(
  readers: Readers,
  clientId: string,
  date: string,
  dimensions: readonly string[],
  wanted: readonly Counted[],
): Promise<CountRow[]> {
  const day = { clientId, date };
  const of = readers.length;
  const earlier = wanted.length > 0 && (await hasEarlierSales(readers[0], day));
  const rows: CountRow[] = [];
  for (const counted of wanted) {
    const parts = readers.map((db, at) => countPart(db, day, counted, dimensions, { at, of, earlier }));
    rows.push(...together((await Promise.all(parts)).flat()));
  }
  return rows;
}
