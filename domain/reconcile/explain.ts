import { ITEM_KINDS, type ReconcilingItem, sumOfItems } from './item.ts';

const magnitude = (micros: bigint): bigint => (micros < 0n ? -micros : micros);

/** Every choice of at most one reading of each cause, the choices of fewer causes first. */
function choices(causes: readonly (readonly ReconcilingItem[])[]): ReconcilingItem[][] {
  const [first, ...others] = causes;
  if (!first) return [[]];
  const rest = choices(others);
  const all = [...rest, ...first.flatMap((item) => rest.map((some) => [item, ...some]))];
  return all.sort((a, b) => a.length - b.length);
}

/** No record may be claimed twice: it can be away from a number only once. */
function areDisjoint(items: readonly ReconcilingItem[]): boolean {
  if (items.length < 2) return true;
  const records = items.flatMap((item) => item.records.map((one) => one.rawEventId));
  return new Set(records).size === records.length;
}

/**
 * Quarantined records are missing from our number whatever else is: they are named where they bring the difference
 * nearer to nothing, although something is left.
 */
function nearest(differenceMicros: bigint, possible: readonly ReconcilingItem[]): ReconcilingItem[] {
  const missing = possible.find((item) => item.kind === 'quarantined');
  const helps = missing && magnitude(differenceMicros - missing.amountMicros) < magnitude(differenceMicros);
  return helps ? [missing] : [];
}

/**
 * Chooses which possible causes explain a difference: the fewest that leave nothing but rounding. Items of one kind are
 * different readings of one cause, of which one may hold. Causes that leave a rest prove nothing and are not named, but
 * for records in quarantine.
 * @param roundingMicros what published numbers may be away from the exact sum of their records
 */
export function explainDifference(
  differenceMicros: bigint,
  possible: readonly ReconcilingItem[],
  roundingMicros = 0n,
): ReconcilingItem[] {
  if (differenceMicros === 0n) return [];
  const claiming = possible.filter((item) => item.amountMicros !== 0n);
  const causes = ITEM_KINDS.map((kind) => claiming.filter((item) => item.kind === kind));
  const fewest = choices(causes.filter((items) => items.length > 0)).find(
    (items) =>
      items.length > 0 && magnitude(differenceMicros - sumOfItems(items)) <= roundingMicros && areDisjoint(items),
  );
  return fewest ?? nearest(differenceMicros, claiming);
}
