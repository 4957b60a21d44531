import type { NumberKey, Withheld } from './withhold.ts';

/** A number of the attempt, before anything is published. */
export type Computed = NumberKey & { valueMicros: bigint | null };
/** A number that is published already, by its latest version. */
export type Known = NumberKey & { valueMicros: bigint | null };

/** The numbers of one metric and store, which share a certificate. */
export type Group = { storeId: string; metric: string };

export type SortedNumbers<Value> = {
  withheld: ReadonlyMap<Value, Withheld>;
  /** Not published yet. */
  fresh: readonly Value[];
  /** Totals whose groups may be certified: nothing that is published of them says anything else now. */
  certifiable: readonly Value[];
  /** Groups with a published number that says something else now. */
  changed: readonly Group[];
  /** Groups with a published number that is not certified anew: changed, or withheld now. */
  forsaken: readonly Group[];
};

const keyOf = (one: NumberKey): string => JSON.stringify([one.storeId, one.metric, one.dimension, one.member]);
const groupOf = ({ storeId, metric }: Group): string => JSON.stringify([storeId, metric]);

function distinct(groups: readonly Group[]): Group[] {
  const byKey = new Map(groups.map(({ storeId, metric }) => [groupOf({ storeId, metric }), { storeId, metric }]));
  return [...byKey.values()];
}

/** Published members that the day no longer has: they say something although nothing is left. */
function vanished<Value extends Computed>(values: readonly Value[], known: readonly Known[]): Known[] {
  const present = new Set(values.map(keyOf));
  const computed = new Set(values.map(groupOf));
  return known.filter((one) => computed.has(groupOf(one)) && !present.has(keyOf(one)) && one.valueMicros !== 0n);
}

/**
 * Sorts an attempt's numbers: to publish, to certify again, changed since they were published, and withheld. A published
 * number never changes; one that would is left, and its group is not certified.
 */
export function sortNumbers<Value extends Computed>(
  values: readonly Value[],
  known: readonly Known[],
  withhold: (key: NumberKey) => Withheld | null,
): SortedNumbers<Value> {
  const before = new Map(known.map((one) => [keyOf(one), one.valueMicros]));
  const withheld = new Map<Value, Withheld>();
  const fresh: Value[] = [];
  const different: Group[] = vanished(values, known);
  for (const value of values) {
    const reason = withhold(value);
    const published = before.get(keyOf(value));
    if (reason) withheld.set(value, reason);
    else if (published === undefined) fresh.push(value);
    else if (published !== value.valueMicros) different.push(value);
  }
  const changed = distinct(different);
  const spoiled = new Set(changed.map(groupOf));
  const certifiable = values.filter((one) => one.dimension === '' && !withheld.has(one) && !spoiled.has(groupOf(one)));
  const certified = new Set(certifiable.map(groupOf));
  const computed = new Set(values.map(groupOf));
  const forsaken = distinct(known.filter((one) => computed.has(groupOf(one)) && !certified.has(groupOf(one))));
  return { withheld, fresh: fresh.filter((one) => certified.has(groupOf(one))), certifiable, changed, forsaken };
}
