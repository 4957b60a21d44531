import type { NumberKey, Withheld } from './withhold.ts';

/** A number of the attempt, before anything is published. */
export type Computed = NumberKey & { valueMicros: bigint | null };
/** A number that is published already, by its latest version. */
export type Known = NumberKey & { valueMicros: bigint | null };

/** The numbers of one metric and store, which share a certificate. */
export type Group = { storeId: string; metric: string };

/** A published number that says something else now; `value` is null where the day no longer has that member. */
export type Change<Value, Before> = { value: Value | null; before: Before };

export type SortedNumbers<Value, Before> = {
  withheld: ReadonlyMap<Value, Withheld>;
  /** Not published yet. */
  fresh: readonly Value[];
  /** Totals that are not withheld. */
  open: readonly Value[];
  /** Published, of groups whose totals are not withheld, and different now. */
  changes: readonly Change<Value, Before>[];
  /** Groups with a published number of which the attempt withholds the total. */
  shut: readonly Group[];
  /** Groups with a published number that the operating model no longer computes. */
  dropped: readonly Group[];
};

/** Names a number of a day. */
export const keyOf = (one: NumberKey): string => JSON.stringify([one.storeId, one.metric, one.dimension, one.member]);
/** Names a group. Neither ids of stores nor of metrics have a slash. */
export const groupOf = ({ storeId, metric }: Group): string => `${storeId}/${metric}`;

export function distinctGroups(groups: readonly Group[]): Group[] {
  const byKey = new Map(groups.map(({ storeId, metric }) => [groupOf({ storeId, metric }), { storeId, metric }]));
  return [...byKey.values()];
}

/** Nothing is left of a member, and nothing is what its number says already. */
const saysNothing = ({ valueMicros }: Known): boolean => valueMicros === null || valueMicros === 0n;

/** Published numbers that the attempt computes otherwise, or of which it finds nothing any more. */
function changesOf<Value extends Computed, Before extends Known>(
  values: readonly Value[],
  known: readonly Before[],
): Change<Value, Before>[] {
  const computed = new Map(values.map((value) => [keyOf(value), value]));
  return known.flatMap((before) => {
    const value = computed.get(keyOf(before)) ?? null;
    const isSame = value === null ? saysNothing(before) : value.valueMicros === before.valueMicros;
    return isSame ? [] : [{ value, before }];
  });
}

/**
 * Sorts an attempt's numbers: withheld, to publish for the first time, and changed since they were published. What is
 * withheld changes nothing: a published number stays as it is for as long as a finding stands over it.
 */
export function sortNumbers<Value extends Computed, Before extends Known>(
  values: readonly Value[],
  known: readonly Before[],
  withhold: (key: NumberKey) => Withheld | null,
): SortedNumbers<Value, Before> {
  const withheld = new Map(
    values.flatMap((value) => {
      const reason = withhold(value);
      return reason ? [[value, reason] as const] : [];
    }),
  );
  const open = values.filter((one) => one.dimension === '' && !withheld.has(one));
  const openGroups = new Set(open.map(groupOf));
  const computedGroups = new Set(values.map(groupOf));
  const isOpen = (one: Group) => openGroups.has(groupOf(one));
  const published = new Set(known.map(keyOf));
  return {
    withheld,
    open,
    fresh: values.filter((one) => !withheld.has(one) && isOpen(one) && !published.has(keyOf(one))),
    changes: changesOf(values, known.filter(isOpen)).filter((one) => one.value === null || !withheld.has(one.value)),
    shut: distinctGroups(known.filter((one) => computedGroups.has(groupOf(one)) && !isOpen(one))),
    dropped: distinctGroups(known.filter((one) => !computedGroups.has(groupOf(one)))),
  };
}
