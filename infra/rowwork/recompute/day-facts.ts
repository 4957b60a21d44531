import { type Facts, factKey } from '../../../domain/metrics/compute.ts';
import type { DraftEntry, RecordDimensions } from '../../../domain/normalize/entry.ts';

const NONE = '(none)';

export const noFacts = (): Facts => ({
  sums: new Map(),
  entries: new Map(),
  ordersPlaced: 0n,
  ordersInReport: 0n,
  customers: 0n,
  newCustomers: 0n,
});

/** Sums and counts of entries, by store. They stay as small as the number of kinds, however many entries there are. */
export type DayFacts = {
  byStore: ReadonlyMap<string, Facts>;
  add(storeId: string, entry: Pick<DraftEntry, 'book' | 'kind' | 'amountMicros'>): void;
};

export function gatherFacts(): DayFacts {
  const byStore = new Map<string, Facts & { sums: Map<string, bigint>; entries: Map<string, bigint> }>();
  return {
    byStore,
    add(storeId, { book, kind, amountMicros }) {
      const facts = byStore.get(storeId) ?? { ...noFacts(), sums: new Map(), entries: new Map() };
      byStore.set(storeId, facts);
      const key = factKey(book, kind);
      facts.sums.set(key, (facts.sums.get(key) ?? 0n) + amountMicros);
      facts.entries.set(key, (facts.entries.get(key) ?? 0n) + 1n);
    },
  };
}

/** The member of a dimension that a record belongs to. */
export function memberOf(shared: RecordDimensions, dimension: string): string {
  if (dimension === 'channel' || dimension === 'campaign') return shared[dimension] ?? NONE;
  return shared.dimensions?.[dimension] ?? NONE;
}
