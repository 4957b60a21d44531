import { type RevisedNumber, revisionsLine } from '../../../activities/report/revisions.ts';

const REPORT = { businessDate: '2026-11-20', headline: 'Net sales' };

const revised = (changes: Partial<RevisedNumber> = {}): RevisedNumber => ({
  metric: 'Net sales',
  place: null,
  businessDate: '2026-11-12',
  isNew: false,
  oldMicros: 1_200_000_000n,
  newMicros: 1_180_000_000n,
  currency: 'GBP',
  reason: 'late_arrival',
  ...changes,
});
const line = (...numbers: RevisedNumber[]): string | null => revisionsLine(numbers, REPORT);

describe('the Revisions line', () => {
  test('is not there where nothing was revised', () => {
    expect(line()).toBeNull();
  });

  test('says of a member that is new that it was not reported', () => {
    expect(
      line(revised({ metric: 'Net sales, desk kiosk', isNew: true, oldMicros: null, newMicros: 5_000_000n })),
    ).toBe(
      '1 day was revised since the last report: net sales, desk kiosk 12 Nov GBP not reported → 5.00 (late arrival).',
    );
  });

  test('names the number, its day, old, new and why', () => {
    expect(line(revised())).toBe(
      '1 day was revised since the last report: net sales 12 Nov GBP 1,200.00 → 1,180.00 (late arrival).',
    );
  });

  test('lets the metric that the report sets large stand for its day, and counts the others', () => {
    const gross = revised({ metric: 'Gross sales', newMicros: 9_000_000_000n });
    expect(line(gross, revised(), revised({ metric: 'Orders', currency: null }))).toBe(
      '1 day was revised since the last report: net sales 12 Nov GBP 1,200.00 → 1,180.00 (late arrival), and 2 more numbers.',
    );
  });

  test('names the three days that changed most, the largest first, and how many more there are', () => {
    const days = [1, 2, 3, 4, 5].map((day) =>
      revised({ businessDate: `2026-11-0${day}`, newMicros: 1_200_000_000n - BigInt(day) * 1_000_000n }),
    );
    expect(line(...days)).toBe(
      '5 days were revised since the last report: net sales 5 Nov GBP 1,200.00 → 1,195.00 (late arrival); ' +
        'net sales 4 Nov GBP 1,200.00 → 1,196.00 (late arrival); net sales 3 Nov GBP 1,200.00 → 1,197.00 (late arrival), ' +
        'and 2 more numbers.',
    );
  });

  test('names amounts before counts, whatever their size', () => {
    const orders = revised({ businessDate: '2026-11-01', metric: 'Orders', currency: null, newMicros: 9_000_000_000n });
    expect(line(orders, revised())).toMatch(/report: net sales 12 Nov .*; orders 1 Nov 1,200 → 9,000 \(/);
  });

  test('tells stores apart and gives each its currency, with the digits that it has', () => {
    const outlet = revised({ place: 'Outlet', currency: 'JPY' });
    expect(line(revised(), outlet)).toBe(
      '1 day was revised since the last report: net sales 12 Nov GBP 1,200.00 → 1,180.00 (late arrival); ' +
        'net sales, Outlet, 12 Nov JPY 1,200 → 1,180 (late arrival).',
    );
  });

  test('prints a deduction in parentheses, and says the year of a day of another one', () => {
    const reversals = revised({
      metric: 'Sales reversals',
      businessDate: '2025-12-31',
      oldMicros: -1_000_000n,
      newMicros: null,
      reason: 'source_revised',
    });
    expect(line(reversals)).toBe(
      '1 day was revised since the last report: sales reversals 31 December 2025 GBP (1.00) → no number (revised by its source).',
    );
  });

  test.each([
    ['definition_change', 'new definition'],
    ['error', 'error put right'],
  ])('says the reason %s in words', (reason, words) => {
    expect(line(revised({ reason }))).toContain(`(${words})`);
  });
});
