import fc from 'fast-check';
import { explainDifference } from '../../domain/reconcile/explain.ts';
import { ITEM_KINDS, type ItemKind, itemOf, type ReconcilingItem, sumOfItems } from '../../domain/reconcile/item.ts';
import { compareTotals } from '../../domain/reconcile.ts';

const item = (kind: ItemKind, records: Record<number, bigint>, detail: string | null = null): ReconcilingItem =>
  itemOf(
    kind,
    detail,
    Object.entries(records).map(([id, amountMicros]) => ({ rawEventId: BigInt(id), amountMicros })),
  )!;
const kindsOf = (items: readonly ReconcilingItem[]) => items.map((one) => one.kind);

describe('what explains a difference', () => {
  test('nothing has to be explained where there is no difference', () => {
    expect(explainDifference(0n, [item('quarantined', { 1: -5n })])).toEqual([]);
  });

  test('the fewest causes that leave nothing', () => {
    const possible = [item('late_arrivals', { 1: 3n }), item('test_orders', { 2: 4n }), item('zone_shift', { 3: 7n })];
    expect(kindsOf(explainDifference(7n, possible))).toEqual(['zone_shift']);
    expect(kindsOf(explainDifference(14n, possible))).toEqual(['late_arrivals', 'test_orders', 'zone_shift']);
  });

  test('one reading of a cause, never two', () => {
    const possible = [item('zone_shift', { 1: 3n }, 'UTC'), item('zone_shift', { 2: 4n }, 'Asia/Tokyo')];
    expect(explainDifference(7n, possible)).toEqual([]);
    expect(explainDifference(4n, possible)).toEqual([possible[1]]);
  });

  test('no record twice', () => {
    const possible = [item('late_arrivals', { 1: 3n }), item('zone_shift', { 1: 3n, 2: 1n })];
    expect(explainDifference(7n, possible)).toEqual([]);
  });

  test('causes that leave a rest are not named, but for quarantined records that bring it nearer to nothing', () => {
    expect(explainDifference(-9n, [item('test_orders', { 1: -8n })])).toEqual([]);
    expect(kindsOf(explainDifference(-9n, [item('quarantined', { 1: -8n })]))).toEqual(['quarantined']);
    expect(explainDifference(9n, [item('quarantined', { 1: -8n })])).toEqual([]);
  });

  test('what rounding leaves is no rest', () => {
    const late = item('late_arrivals', { 1: 24_567_400n });
    expect(explainDifference(24_570_000n, [late], 10_000n)).toEqual([late]);
    expect(explainDifference(24_590_000n, [late], 10_000n)).toEqual([]);
  });

  test('a difference is told in its currency, grouped as people read it; a count has none', () => {
    const totals = { oursMicros: 16_743_400_000n, theirsMicros: 20_000_070_000n, monthBeforeMicros: 0n, items: [] };
    expect(compareTotals({ tolerance: {} }, { ...totals, currency: 'USD' }).message).toBe(
      'ours 16,743.40 USD, theirs 20,000.07 USD, difference -3,256.67 USD',
    );
    expect(compareTotals({ tolerance: {} }, { ...totals, currency: null }).message).not.toContain('USD');
  });

  test('items and what is left always sum to the difference, and an explanation claims each record once', () => {
    const amount = fc.bigInt({ min: -50n, max: 50n });
    const record = fc.record({ rawEventId: fc.bigInt({ min: 1n, max: 12n }), amountMicros: amount });
    const possible = fc.array(
      fc.tuple(
        fc.constantFrom(...ITEM_KINDS),
        fc.uniqueArray(record, { minLength: 1, maxLength: 4, selector: (one) => one.rawEventId }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(amount, possible, (difference, drawn) => {
        const items = explainDifference(
          difference,
          drawn.flatMap(([kind, records]) => itemOf(kind, null, records) ?? []),
        );
        const compared = compareTotals(
          { tolerance: {} },
          { oursMicros: difference, theirsMicros: 0n, monthBeforeMicros: 0n, items, currency: 'GBP' },
        );
        const claimed = items.flatMap((one) => one.records.map((claim) => claim.rawEventId));
        expect(new Set(claimed).size).toBe(claimed.length);
        expect(new Set(kindsOf(items)).size).toBe(items.length);
        expect(sumOfItems(items) + compared.unreconciledMicros!).toBe(difference);
        expect(compared.status).toBe(difference === 0n ? 'matched' : 'difference');
      }),
    );
  });
});
