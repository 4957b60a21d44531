/** Named causes of a difference, in the order in which they are looked for. */
export const ITEM_KINDS = ['late_arrivals', 'quarantined', 'duplicates', 'test_orders', 'zone_shift'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];
export type ClaimedRecord = { rawEventId: bigint; amountMicros: bigint };

/**
 * A named cause of a difference, ours less theirs. Its records sum to its amount: what claims no records explains
 * nothing. `detail` says which reading of the cause it is: the zone, say.
 */
export type ReconcilingItem = {
  kind: ItemKind;
  detail: string | null;
  amountMicros: bigint;
  records: readonly ClaimedRecord[];
};

/** Makes an item of what a cause did to our number, record by record; null where it did nothing. */
export function itemOf(
  kind: ItemKind,
  detail: string | null,
  records: readonly ClaimedRecord[],
): ReconcilingItem | null {
  if (records.length === 0) return null;
  return { kind, detail, records, amountMicros: records.reduce((sum, one) => sum + one.amountMicros, 0n) };
}

export const sumOfItems = (items: readonly Pick<ReconcilingItem, 'amountMicros'>[]): bigint =>
  items.reduce((sum, item) => sum + item.amountMicros, 0n);
