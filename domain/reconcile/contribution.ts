import { type Catalog, inputsOf } from '../metrics/catalog.ts';
import type { DraftEntry } from '../normalize/entry.ts';

/** A kind of entry that a metric adds up, and how often; kind `*` is every kind of the book. */
export type Part = { book: string; kind: string; times: number };

/** How a record's entries make its share of a metric: their amounts, or one for each of them. */
export type Contribution = { by: 'amount' | 'entries'; parts: readonly Part[] };

const ONE_MICROS = 1_000_000n;

/**
 * What an entry is to a metric, through the metrics that it is made of; null for one that no record has a share of by
 * itself: a ratio, or a count of orders or customers.
 */
export function contributionOf(catalog: Catalog, metricId: string): Contribution | null {
  const metric = catalog.get(metricId);
  if (!metric) return null;
  const { formula } = metric;
  if (formula.by === 'sum' || formula.by === 'entries') {
    const parts = formula.kinds.map((kind) => ({ book: formula.book, kind, times: 1 }));
    return { by: formula.by === 'sum' ? 'amount' : 'entries', parts };
  }
  if (formula.by !== 'total') return null;
  const inputs = inputsOf(metric).map((id) => contributionOf(catalog, id));
  const by = inputs[0]?.by;
  const parts = inputs.flatMap((one) => (one && one.by === by ? one.parts : []));
  return by && inputs.every((one) => one?.by === by) ? { by, parts } : null;
}

type Contributing = Pick<DraftEntry, 'book' | 'kind' | 'amountMicros'>;

/** The share of a metric that entries make, in micros. */
export function contributed({ by, parts }: Contribution, entries: readonly Contributing[]): bigint {
  return entries.reduce((sum, entry) => {
    const times = parts
      .filter((part) => part.book === entry.book && (part.kind === '*' || part.kind === entry.kind))
      .reduce((all, part) => all + part.times, 0);
    return sum + BigInt(times) * (by === 'amount' ? entry.amountMicros : ONE_MICROS);
  }, 0n);
}
