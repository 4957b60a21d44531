import { fieldReader, fieldText, type Row } from '../fields.ts';
import { multiplyToMicros } from '../money.ts';

const ITEM = 'item.';

export const isOfItem = (path: string): boolean => path.startsWith(ITEM);

/** Reads a field of the record, or of the element of `each` where it begins with `item.`. */
export function scopedReader(path: string): (row: Row, item: Row | null) => unknown {
  if (!isOfItem(path)) {
    const read = fieldReader(path);
    return (row) => read(row);
  }
  const read = fieldReader(path.slice(ITEM.length));
  return (_row, item) => (item ? read(item) : undefined);
}

/** A record whose amount cannot be told exactly: the field, what it holds and what it should hold. */
export class AmountProblem extends Error {
  readonly path: string;
  readonly found: string;

  constructor(path: string, found: string) {
    super(`${path}: ${found}`);
    this.path = path;
    this.found = found;
  }
}

/** Compiles the exact product of the fields, in micros. Throws AmountProblem where it has none. */
export function compileAmount(fields: readonly string[], sign: 1 | -1): (row: Row, item: Row | null) => bigint {
  const readers = fields.map(scopedReader);
  return (row, item) => {
    const factors: string[] = [];
    for (let at = 0; at < readers.length; at += 1) {
      const value = readers[at]!(row, item);
      const text = fieldText(value);
      if (text === null) throw new AmountProblem(fields[at]!, value === undefined ? 'absent' : String(value));
      factors.push(text);
    }
    const micros = exactProduct(fields, factors);
    return sign === 1 ? micros : -micros;
  };
}

/** A hundred thousand million units: no line of a shop is larger in any currency, and thousands of them still add up. */
const LARGEST_MICROS = 10n ** 17n;

/** The product in micros; null where it has none or is too large. */
function productOf(factors: readonly string[]): bigint | null {
  try {
    const micros = multiplyToMicros(factors);
    return micros > LARGEST_MICROS || micros < -LARGEST_MICROS ? null : micros;
  } catch {
    return null;
  }
}

function exactProduct(fields: readonly string[], factors: readonly string[]): bigint {
  const micros = productOf(factors);
  // Made only where it is thrown: an error takes its stack along, and that costs more than all else about an amount.
  if (micros === null) throw new AmountProblem(fields.join(' × '), factors.join(' × '));
  return micros;
}
