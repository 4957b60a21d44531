import type { Share } from '../../schemas/operating-model/mapping.ts';
import type { Row } from '../fields.ts';
import { shareOf, shareOfWhole } from '../money.ts';
import { AmountProblem, compileAmount, isOfItem } from './amount.ts';

/** A record, and the element of `each` that an entry is made of. */
export type Scope = { row: Row; item: Row | null };
/** The amounts of entries that one part of a mapping makes of one record, in the order of their elements. */
export type AmountsOf = (scopes: readonly Scope[]) => readonly bigint[];

const fieldsOf = (one: string | readonly string[]): readonly string[] => (typeof one === 'string' ? [one] : one);

function shareOne(names: string, total: bigint, part: bigint, whole: bigint): bigint {
  if (whole === 0n && total !== 0n) throw new AmountProblem(names, 'a share of nothing');
  return whole === 0n ? 0n : shareOfWhole(total, part, whole);
}

/** Shares that are all there is sum to the total; the largest remainders decide who gets a micro more. */
function shareAll(names: string, total: bigint, parts: readonly bigint[]): readonly bigint[] {
  try {
    return shareOf(total, parts);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AmountProblem(names, error.message);
  }
}

/**
 * Compiles the share of a total that belongs to the record, or to each element of `each`: `of` × `part` / `whole`, in
 * micros, rounded half away from zero. Without `whole` it is the sum of the parts. Throws AmountProblem where it has none.
 */
export function compileShare({ of, part, whole }: Share, sign: 1 | -1): AmountsOf {
  const [total, portion] = [compileAmount(fieldsOf(of), sign), compileAmount(fieldsOf(part), 1)];
  const all = whole === undefined ? null : compileAmount(fieldsOf(whole), 1);
  const names = [of, part, whole ?? []].flatMap(fieldsOf).join(', ');
  const together = ![of, whole ?? []].flatMap(fieldsOf).some(isOfItem);
  return (scopes) => {
    const parts = scopes.map(({ row, item }) => portion(row, item));
    const sum = parts.reduce((added, one) => added + one, 0n);
    const [first] = scopes;
    if (!first) return [];
    if (together && (all === null || all(first.row, null) === sum))
      return shareAll(names, total(first.row, null), parts);
    return scopes.map(({ row, item }, at) => shareOne(names, total(row, item), parts[at]!, all ? all(row, item) : sum));
  };
}
