import type { Part } from '../reconcile/contribution.ts';

/** The sum of a day's entries of one kind. */
export type KindSum = { book: string; kind: string; sumMicros: bigint };
/** A kind that their total counts and ours does not, or the other way. */
export type OtherDefinition = { kind: string; amountMicros: bigint; theirs: boolean };

const isPartOf = (parts: readonly Part[], { book, kind }: KindSum): boolean =>
  parts.some((part) => part.book === book && (part.kind === '*' || part.kind === kind));

/** What the difference (ours less theirs) would be if their total defined this kind the other way. */
function definedOtherwise(parts: readonly Part[], one: KindSum): OtherDefinition & { differenceMicros: bigint } {
  const ours = isPartOf(parts, one);
  const differenceMicros = ours ? one.sumMicros : -one.sumMicros;
  return { kind: one.kind, amountMicros: one.sumMicros, theirs: !ours, differenceMicros };
}

const magnitude = (micros: bigint): bigint => (micros < 0n ? -micros : micros);

/**
 * Finds whether another definition explains a difference: one kind of entry, or two, that only one side counts.
 * @param roundingMicros what published numbers may be away from the exact sum
 */
export function findOtherDefinition(
  differenceMicros: bigint,
  parts: readonly Part[],
  sums: readonly KindSum[],
  roundingMicros: bigint,
): OtherDefinition[] | null {
  const kinds = sums.filter((one) => one.sumMicros !== 0n).map((one) => definedOtherwise(parts, one));
  const explains = (some: readonly { differenceMicros: bigint }[]) =>
    magnitude(differenceMicros - some.reduce((sum, one) => sum + one.differenceMicros, 0n)) <= roundingMicros;
  const pairs = kinds.flatMap((one, at) => kinds.slice(at + 1).map((other) => [one, other]));
  const found = [...kinds.map((one) => [one]), ...pairs].find(explains);
  return found?.map(({ differenceMicros: _, ...one }) => one) ?? null;
}
