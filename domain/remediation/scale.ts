import type { Mapping } from '../../schemas/operating-model/mapping.ts';
import { fieldText, type Row } from '../fields.ts';
import { formatExact, parseMicros } from '../money.ts';

/** How often too large an amount is that was typed without its point, or with one too early. */
export const SLIPS = [
  { times: 100n, per: 1n },
  { times: 10n, per: 1n },
  { times: 1000n, per: 1n },
  { times: 1n, per: 100n },
  { times: 1n, per: 10n },
  { times: 1n, per: 1000n },
] as const;
export type Slip = (typeof SLIPS)[number];

/** The share of a metric that a record has which alone makes the difference, if it is too large by this slip. */
export const slippedShare = (differenceMicros: bigint, { times, per }: Slip): bigint =>
  (differenceMicros * times) / (times - per);

function scaled(value: unknown, { times, per }: Slip): unknown {
  const text = fieldText(value);
  if (text === null) return value;
  try {
    const right = (parseMicros(text) * per) / times;
    return typeof value === 'number' ? Number(formatExact(right)) : formatExact(right);
  } catch {
    return value;
  }
}

type Counts = (kind: string) => boolean;
type Priced = { lists: Map<string, Set<string>>; own: Set<string> };

/** The first factor of every amount that counts: a price, mostly; what it is multiplied with is a quantity. */
function pricedFields({ amount, cases, entries }: Mapping, counts: Counts): Priced {
  const lists = new Map<string, Set<string>>();
  const own = new Set<string>();
  for (const part of [...(cases ?? []), ...(entries ?? [])]) {
    const [price] = part.amount ?? amount ?? [];
    const each = 'each' in part ? part.each : undefined;
    if (price === undefined || !counts(part.is)) continue;
    if (!price.startsWith('item.') || each === undefined) own.add(price);
    else lists.set(each, (lists.get(each) ?? new Set()).add(price.slice('item.'.length)));
  }
  return { lists, own };
}

/**
 * The fields of a record as they would be without the slip; what lies deeper than one list is left as it is.
 * @param counts whether the metric that differs counts a kind of entry: the others are right as they are
 */
export function withoutSlip(mapping: Mapping, row: Row, slip: Slip, counts: Counts): Record<string, unknown> {
  const { lists, own } = pricedFields(mapping, counts);
  const set: Record<string, unknown> = {};
  for (const field of own) if (row[field] !== undefined) set[field] = scaled(row[field], slip);
  for (const [each, fields] of lists) {
    const items = row[each];
    if (!Array.isArray(items)) continue;
    set[each] = items.map((item: Row) => {
      const right = [...fields].filter((field) => item[field] !== undefined);
      return { ...item, ...Object.fromEntries(right.map((field) => [field, scaled(item[field], slip)])) };
    });
  }
  return set;
}
