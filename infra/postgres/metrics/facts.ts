import { type Facts, factKey } from '../../../domain/metrics/compute.ts';
import type { Readers } from '../twin.ts';
import { type Counted, type CountRow, readCounts } from './orders.ts';
import type { SliceKey } from './slices.ts';
import { readSums, type SumRow } from './sums.ts';

/** A store's slice of a day; dimension '' is the total. Of `ALL_STORES` only the customers are counted. */
export type SliceFacts = { storeId: string; dimension: string; member: string; facts: Facts };

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

const countsOf = ({ counted, all, first }: CountRow): Partial<Facts> =>
  counted === 'orders' ? { ordersPlaced: first, ordersInReport: all } : { customers: all, newCustomers: first };

function gather(sums: readonly SumRow[], counts: readonly CountRow[]): SliceFacts[] {
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
  for (const row of counts) Object.assign(slice(row).facts, countsOf(row));
  return [...slices.values()];
}

export type FactsWanted = {
  orders: boolean;
  customers: boolean;
  /** Also the customers of all stores together: one who buys in two stores is one customer of the client. */
  acrossStores: boolean;
};

function countsWanted({ orders, customers, acrossStores }: FactsWanted): Counted[] {
  const wanted: Counted[] = orders ? ['orders'] : [];
  if (customers) wanted.push('customers');
  if (customers && acrossStores) wanted.push('customers_across');
  return wanted;
}

/**
 * The facts of a client's day: each store's total, and each member of the given dimensions. What is not wanted is not
 * looked for, and is zero.
 */
export async function readFacts(
  readers: Readers,
  clientId: string,
  date: string,
  dimensions: readonly string[],
  wanted: FactsWanted,
): Promise<SliceFacts[]> {
  const sums = await readSums(readers[0], clientId, date, dimensions);
  const counts = await readCounts(readers, clientId, date, dimensions, countsWanted(wanted));
  return gather(sums, counts);
}
