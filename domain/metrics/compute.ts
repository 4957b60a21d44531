import { minorDigits } from '../currency.ts';
import { roundMicros } from '../money.ts';
import type { Formula, Metric } from './definition.ts';

/** Sums and counts of one store, day and slice, read from the ledger in sets. Amounts are exact micros. */
export type Facts = {
  sums: ReadonlyMap<string, bigint>;
  entries: ReadonlyMap<string, bigint>;
  ordersPlaced: bigint;
  ordersInReport: bigint;
  customers: bigint;
  newCustomers: bigint;
};

/** `valueMicros` of a count is the count in millionths as well; null is a ratio over nothing. */
export type MetricValue = { metric: Metric; valueMicros: bigint | null; currency: string | null };

const ONE = 1_000_000n;

/** Key of a book and kind in `Facts`. */
export const factKey = (book: string, kind: string): string => `${book}/${kind}`;

function addUp(facts: ReadonlyMap<string, bigint>, formula: Extract<Formula, { by: 'sum' | 'entries' }>): bigint {
  let total = 0n;
  for (const [key, value] of facts) {
    const [book, kind] = key.split('/');
    const wanted = formula.kinds.includes('*') || formula.kinds.some((one) => one === kind);
    if (book === formula.book && wanted) total += value;
  }
  return total;
}

/** Rounds a quotient half away from zero to whole micros. */
function divide(numeratorMicros: bigint, denominatorMicros: bigint): bigint {
  const scaled = numeratorMicros * ONE * 2n;
  const half = denominatorMicros < 0n ? -denominatorMicros : denominatorMicros;
  const sign = scaled < 0n === denominatorMicros < 0n ? 1n : -1n;
  const magnitude = ((scaled < 0n ? -scaled : scaled) + half) / (half * 2n);
  return sign * magnitude;
}

function valueBy(formula: Formula, facts: Facts, values: ReadonlyMap<string, bigint | null>): bigint | null {
  const value = (id: string) => values.get(id) ?? 0n;
  switch (formula.by) {
    case 'sum':
      return addUp(facts.sums, formula);
    case 'entries':
      return addUp(facts.entries, formula) * ONE;
    case 'orders':
      return (formula.count === 'placed' ? facts.ordersPlaced : facts.ordersInReport) * ONE;
    case 'customers':
      return customerCount(formula.count, facts) * ONE;
    case 'total':
      return formula.of.reduce((sum, id) => sum + value(id), 0n);
    case 'ratio': {
      const denominator = value(formula.denominator);
      const numerator = formula.numerator.reduce((sum, id) => sum + value(id), 0n);
      return denominator === 0n ? null : divide(numerator, denominator);
    }
  }
}

function customerCount(count: 'all' | 'new' | 'returning', facts: Facts): bigint {
  if (count === 'all') return facts.customers;
  return count === 'new' ? facts.newCustomers : facts.customers - facts.newCustomers;
}

/** Computes metrics in order, each from those before it. Money is rounded once, here, to the digits of the currency. */
function computeEach(
  metrics: readonly Metric[],
  currency: string,
  exactOf: (metric: Metric, values: ReadonlyMap<string, bigint | null>) => bigint | null,
): MetricValue[] {
  const digits = minorDigits(currency);
  const values = new Map<string, bigint | null>();
  return metrics.map((metric) => {
    const exact = exactOf(metric, values);
    const isMoney = metric.unit === 'money' || metric.unit === 'money_per_count';
    const valueMicros = exact === null || !isMoney ? exact : roundMicros(exact, digits);
    values.set(metric.id, valueMicros);
    return { metric, valueMicros, currency: isMoney ? currency : null };
  });
}

/**
 * Computes metrics, given in the order of their dependence, from one slice's facts. Money is rounded once, here, to the
 * digits of the currency; totals and ratios are made of the rounded values, so that published numbers foot.
 */
export const computeMetrics = (metrics: readonly Metric[], facts: Facts, currency: string): MetricValue[] =>
  computeEach(metrics, currency, (metric, values) => valueBy(metric.formula, facts, values));

/** A store's values of one slice, by metric. */
export type StoreValues = { currency: string; values: ReadonlyMap<string, bigint | null> };
const ADDED: readonly Formula['by'][] = ['sum', 'entries', 'orders'];

/**
 * Computes a client's values of one slice from those of its stores: what stores have is added, money in the client's
 * currency; totals and ratios are made of the sums; a customer of two stores is one customer, so `facts` counts them.
 * Null where `convert` knows no rate.
 */
export function computeAcrossStores(
  metrics: readonly Metric[],
  stores: readonly StoreValues[],
  facts: Facts,
  currency: string,
  convert: (micros: bigint, from: string) => bigint | null,
): MetricValue[] {
  return computeEach(metrics, currency, (metric, values) => {
    if (!ADDED.includes(metric.formula.by)) return valueBy(metric.formula, facts, values);
    return stores.reduce<bigint | null>((sum, store) => {
      const value = store.values.get(metric.id) ?? 0n;
      const added = metric.unit === 'money' ? convert(value, store.currency) : value;
      return sum === null || added === null ? null : sum + added;
    }, 0n);
  });
}
