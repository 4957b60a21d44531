import fc from 'fast-check';
import { findOtherDefinition } from '../../../domain/remediation/definition.ts';
import { type FixKind, rankFixes, type SimulatedFix } from '../../../domain/remediation/fix.ts';
import { findRenames } from '../../../domain/remediation/renames.ts';
import { SLIPS, slippedShare, withoutSlip } from '../../../domain/remediation/scale.ts';
import { testMarks } from '../../../domain/remediation/test-marks.ts';

const fix = (kind: FixKind, over: Partial<SimulatedFix> = {}): SimulatedFix => ({
  fix: {
    kind,
    title: kind,
    change: kind === 'accept_difference' ? { by: 'accepting', because: null } : { by: 'reading' },
  },
  preview: { metrics: [], checks: [], otherDays: [] },
  resolves: true,
  findingsLeft: 0,
  distance: null,
  ...over,
});
const kinds = (fixes: readonly SimulatedFix[]) => rankFixes(fixes).map((one) => one.fix.kind);

describe('fixes are ranked', () => {
  test('with one that breaks what held behind accepting what is explained', () => {
    const breaking = fix('resubmit_quarantined', {
      preview: { metrics: [], checks: [{ check: 'till', before: 'passed', after: 'failed' }], otherDays: [] },
    });
    const explained = fix('accept_difference');
    const accepting = {
      ...explained,
      fix: { ...explained.fix, change: { by: 'accepting', because: 'late' } as const },
    };
    expect(kinds([breaking, accepting])).toEqual(['accept_difference', 'resubmit_quarantined']);
  });

  test('with those that mend first, and accepting what nothing explains last', () => {
    const partly = fix('map_field', { resolves: false, findingsLeft: 1 });
    expect(kinds([partly, fix('accept_difference'), fix('exclude_test_orders')])).toEqual([
      'exclude_test_orders',
      'map_field',
      'accept_difference',
    ]);
  });

  test('with those that leave other days alone first, and by how much they trust the source', () => {
    const day = { businessDate: '2026-03-11', metrics: [] };
    const moves = fix('move_business_day', { preview: { metrics: [], checks: [], otherDays: [day] } });
    expect(kinds([moves, fix('declare_closed_day'), fix('recapture')])).toEqual([
      'recapture',
      'declare_closed_day',
      'move_business_day',
    ]);
  });
});

describe('a missing field is found under its new name', () => {
  const always = () => true;

  test('by its place where the name says nothing, and by its name where it moved', () => {
    const before = ['id', 'price', 'tax'];
    expect(findRenames(['price'], ['Unit cost'], { before, now: ['id', 'Unit cost', 'tax'] }, always)).toEqual([
      { from: 'Unit cost', to: 'price' },
    ]);
    expect(findRenames(['price'], ['Zone', 'Prices'], { before, now: ['Zone', 'id', 'Prices'] }, always)).toEqual([
      { from: 'Prices', to: 'price' },
    ]);
  });

  test('each only once, and never where its values do not fit', () => {
    const fields = { before: ['price', 'tax'], now: ['price_a', 'tax_a'] };
    expect(findRenames(['price', 'tax'], ['price_a', 'tax_a'], fields, always)).toHaveLength(2);
    expect(findRenames(['price'], ['price_a'], fields, () => false)).toEqual([]);
  });
});

describe('a test order is told by what it says of itself', () => {
  test.each([
    [{ test: true }, 'has(row.test) && row.test == true'],
    [{ is_test: 'yes' }, 'has(row.is_test) && row.is_test == "yes"'],
    [{ gateway: 'bogus' }, 'has(row.gateway) && row.gateway == "bogus"'],
    [{ email: 'QA@Example.com' }, 'has(row.email) && row.email.lowerAscii().endsWith("@example.com")'],
    [{ order_no: 'TEST-1' }, 'has(row.order_no) && row.order_no.lowerAscii().startsWith("test")'],
  ])('%j', (row, mark) => {
    expect(testMarks(row)).toEqual([mark]);
  });

  test.each([
    { test: false },
    { test: 'no' },
    { email: 'a@shop.de' },
    { latest: true },
    { order: '1001' },
    { test: {} },
  ])('and %j is none', (row) => {
    expect(testMarks(row)).toEqual([]);
  });
});

describe('another definition explains a difference', () => {
  const parts = [{ book: 'sales', kind: 'gross_sales', times: 1 }];
  const sums = [
    { book: 'sales', kind: 'gross_sales', sumMicros: 100_000_000n },
    { book: 'sales', kind: 'shipping', sumMicros: 5_000_000n },
    { book: 'sales', kind: 'tax', sumMicros: 20_000_000n },
  ];

  test('of one kind that theirs counts, or of two, and of none where no sum fits', () => {
    expect(findOtherDefinition(-5_000_000n, parts, sums, 0n)).toEqual([
      { kind: 'shipping', amountMicros: 5_000_000n, theirs: true },
    ]);
    expect(findOtherDefinition(-25_000_000n, parts, sums, 0n)?.map((one) => one.kind)).toEqual(['shipping', 'tax']);
    expect(findOtherDefinition(-6_000_000n, parts, sums, 0n)).toBeNull();
    expect(findOtherDefinition(-5_004_000n, parts, sums, 5_000n)).toHaveLength(1);
  });
});

describe('a slipped point', () => {
  const mapping = {
    key: ['id'],
    occurredAt: { field: 'at' },
    entries: [
      { is: 'gross_sales' as const, each: 'items', amount: ['item.price', 'item.quantity'] },
      { is: 'shipping' as const, amount: ['shipping'] },
    ],
  };

  test('is found by the share that alone makes the difference, whichever way it slipped', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.constantFrom(...SLIPS), (cents, slip) => {
        const right = cents * 1_000_000n;
        const wrong = (right * slip.times) / slip.per;
        const found = slippedShare(wrong - right, slip);
        expect(found - wrong).toBeGreaterThan(-2n);
        expect(found - wrong).toBeLessThan(2n);
      }),
    );
  });

  test('is taken out of the prices that count, not out of quantities and what else was right', () => {
    const row = { items: [{ price: '1290.00', quantity: 2 }], shipping: '490', other: 'x' };
    expect(withoutSlip(mapping, row, SLIPS[0], (kind) => kind === 'gross_sales')).toEqual({
      items: [{ price: '12.90', quantity: 2 }],
    });
  });
});
