import fc from 'fast-check';
import { computeMetrics, type Facts, factKey } from '../../domain/metrics/compute.ts';
import { STANDARD_METRICS } from '../../domain/metrics/library.ts';
import { ENTRY_KINDS, KINDS_BY_BOOK } from '../../schemas/operating-model/kinds.ts';
import { entriesOf, metricsOfDay, modelOf } from '../support/facts.ts';
import { goldenModel } from '../support/golden-model.ts';

const MODEL = modelOf(goldenModel('shop', 'without_tax'));
const DATES = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
const ADDITIVE = ['gross_sales', 'discounts', 'sales_reversals', 'adjustments', 'net_sales', 'shipping', 'taxes'];

const cents = (most = 1_000_000) => fc.integer({ min: 0, max: most }).map((n) => (n / 100).toFixed(2));
const instant = fc
  .integer({ min: Date.parse('2026-03-06T05:00:00Z'), max: Date.parse('2026-03-10T03:59:59Z') })
  .map((ms) => new Date(ms).toISOString());

const orderEvent = fc.record({
  id: fc.integer({ min: 1, max: 1_000 }).map((n) => `A${n}`),
  processed_at: instant,
  lines: fc.array(fc.record({ price: cents(), quantity: fc.integer({ min: 0, max: 20 }) }), { maxLength: 4 }),
  discount: cents(),
  shipping: cents(2_000),
  tax: cents(9_999),
});
const changeEvent = fc.record({
  id: fc.integer({ min: 1, max: 1_000 }).map((n) => `C${n}`),
  order_id: fc.integer({ min: 1, max: 1_000 }).map((n) => `A${n}`),
  at: instant,
  goods: cents(),
  adjustment: cents(500).map((text) => `-${text}`),
});
/** Events of distinct ids, so that what repeats is a repetition and not another version. */
const eventsOf = <T extends { id: string }>(event: fc.Arbitrary<T>) =>
  fc.uniqueArray(event, { selector: (one) => one.id, maxLength: 30 });

const lines = (records: readonly object[]): string => records.map((one) => `${JSON.stringify(one)}\n`).join('');
const asFiles = (orders: readonly object[], changes: readonly object[]) => ({
  [DATES[0]!]: {
    [`orders-${DATES[0]}.ndjson`]: lines(orders),
    [`changes-${DATES[0]}.ndjson`]: lines(changes),
    [`payments-${DATES[0]}.ndjson`]: '',
  },
});
const numbersOf = (orders: readonly object[], changes: readonly object[]) => {
  const entries = entriesOf(MODEL, asFiles(orders, changes));
  return DATES.map((date) => metricsOfDay(MODEL, entries, date));
};
const micros = (text: string | null): bigint => BigInt((text ?? '0').replace('.', ''));

describe('numbers of any events', () => {
  test('are the same in any order and with any repetition', () => {
    const shuffled = fc
      .tuple(eventsOf(orderEvent), eventsOf(changeEvent))
      .chain(([orders, changes]) =>
        fc.tuple(
          fc.constant({ orders, changes }),
          fc.shuffledSubarray([...orders, ...orders], { minLength: orders.length * 2 }),
          fc.shuffledSubarray([...changes, ...changes], { minLength: changes.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([{ orders, changes }, again, changesAgain]) => {
        expect(numbersOf(again, changesAgain)).toEqual(numbersOf(orders, changes));
      }),
      { numRuns: 50 },
    );
  });

  test('have net sales that are the sum of their published parts', () => {
    fc.assert(
      fc.property(eventsOf(orderEvent), eventsOf(changeEvent), (orders, changes) => {
        for (const day of numbersOf(orders, changes)) {
          const parts = ['gross_sales', 'discounts', 'sales_reversals', 'adjustments'].map((id) => micros(day[id]!));
          expect(micros(day.net_sales!)).toBe(parts.reduce((sum, one) => sum + one, 0n));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('sum over days to what they sum to over orders', () => {
    fc.assert(
      fc.property(eventsOf(orderEvent), eventsOf(changeEvent), (orders, changes) => {
        const days = numbersOf(orders, changes);
        const alone = [
          ...orders.map((one) => numbersOf([one], [])),
          ...changes.map((one) => numbersOf([], [one])),
        ].flat();
        for (const metric of ADDITIVE) {
          const sum = (all: readonly Record<string, string | null>[]) =>
            all.reduce((added, day) => added + micros(day[metric]!), 0n);
          expect([metric, sum(days)]).toEqual([metric, sum(alone)]);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('metrics of any entries', () => {
  const keys = Object.entries(KINDS_BY_BOOK).flatMap(([book, kinds]) => kinds.map((kind) => factKey(book, kind)));
  const sums = fc
    .array(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), { minLength: keys.length, maxLength: keys.length })
    .map((values) => new Map(keys.map((key, at) => [key, values[at]!])));
  const facts = (of: ReadonlyMap<string, bigint>, orders = 0n): Facts => ({
    ...{ sums: of, entries: new Map(), ordersPlaced: orders, ordersInReport: orders, customers: 0n, newCustomers: 0n },
  });
  const values = (of: Facts, currency: string) =>
    new Map(computeMetrics(STANDARD_METRICS, of, currency).map((one) => [one.metric.id, one.valueMicros]));

  test('foot in every currency: a total is the sum of what is published of its parts', () => {
    fc.assert(
      fc.property(sums, fc.constantFrom('USD', 'JPY', 'KWD'), (of, currency) => {
        const published = values(facts(of), currency);
        for (const { id, formula } of STANDARD_METRICS)
          if (formula.by === 'total')
            expect([id, published.get(id)]).toEqual([
              id,
              formula.of.reduce((sum, one) => sum + published.get(one)!, 0n),
            ]);
      }),
    );
  });

  test('of slices sum to the total but for rounding, of at most half a cent a slice and part', () => {
    fc.assert(
      fc.property(fc.array(sums, { minLength: 1, maxLength: 6 }), (slices) => {
        const total = new Map(keys.map((key) => [key, slices.reduce((sum, one) => sum + one.get(key)!, 0n)]));
        const whole = values(facts(total), 'USD').get('net_sales')!;
        const parts = slices.reduce((sum, one) => sum + values(facts(one), 'USD').get('net_sales')!, 0n);
        const residue = whole - parts;
        const most = 5_000n * 4n * BigInt(slices.length + 1);
        expect(residue <= most && residue >= -most).toBe(true);
      }),
    );
  });

  test('over no orders have no average', () => {
    fc.assert(
      fc.property(sums, (of) => {
        expect(values(facts(of), 'USD').get('average_order_value')).toBeNull();
        expect(values(facts(of, 1n), 'USD').get('average_order_value')).not.toBeNull();
      }),
      { numRuns: 20 },
    );
  });

  test('know every kind of entry', () => {
    expect(new Set(keys.map((key) => key.split('/')[1]))).toEqual(new Set(ENTRY_KINDS));
  });
});
