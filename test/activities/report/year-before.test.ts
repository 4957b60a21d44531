import { adjustmentItems } from '../../../activities/report/adjustments.ts';
import { footerOf } from '../../../activities/report/footer.ts';
import { type ReportMaterial, readMaterial } from '../../../activities/report/material.ts';
import { yearComparison } from '../../../activities/report/year-before.ts';
import { datesInRange } from '../../../domain/business-day.ts';
import type { DayTotal } from '../../../domain/period/over-days.ts';
import { onShopBench, type ShopBench } from '../../support/shop-bench.ts';

let own: ShopBench;
onShopBench((opened) => {
  own = opened;
});

const METRICS = ['gross_sales', 'orders', 'average_order_value', 'customers'];

async function closed(days: readonly [string, string[]][], over: Record<string, unknown> = {}): Promise<void> {
  const { bench, shop, clientId } = own;
  await bench.apply(shop.document({ client: { id: clientId }, report: { metrics: METRICS }, ...over }));
  for (const [date, amounts] of days) {
    const orders = amounts.map((amount, at) => ({
      id: `${date}-${at}`,
      at: `${date}T16:00:00Z`,
      amount,
      customer: 'c',
    }));
    await shop.orders(date, orders);
    await bench.close({ clientId, businessDate: date });
  }
}
const material = (date: string, changes: Partial<ReportMaterial> = {}): Promise<ReportMaterial> =>
  readMaterial(own.bench.db, { clientId: own.clientId, businessDate: date, attempt: 1, modelVersion: 1 }).then(
    (read) => ({
      ...read,
      date,
      ...changes,
    }),
  );
const rowOf = (read: ReportMaterial, metric = 'gross_sales') =>
  yearComparison(read)?.rows.find((row) => row.metric === metric) ?? null;

/** Published days of the only store, each of the same amount. */
const days = (dates: readonly string[], micros = 1_000_000n, definition = 'gross_sales@1'): DayTotal[] =>
  dates.map((date) => ({
    date,
    storeId: own.clientId,
    metric: 'gross_sales',
    definition,
    currency: 'EUR',
    valueMicros: micros,
  }));

describe('the month beside the year before', () => {
  test('counts the same published days of both years, as closes have published them', async () => {
    await closed([
      ['2025-03-01', ['10.00']],
      ['2025-03-02', ['30.00', '10.00']],
      ['2025-03-03', ['999.00']],
      ['2026-03-01', ['20.00']],
      ['2026-03-02', ['40.00', '10.00', '5.00']],
    ]);
    const read = await material('2026-03-02');
    expect(yearComparison(read)).toMatchObject({ through: '2026-03-02', throughBefore: '2025-03-02' });
    expect(rowOf(read)).toMatchObject({
      value: '75.00',
      valueBefore: '50.00',
      changePercent: '50.0',
      currency: 'USD',
      counted: { kind: 'all' },
    });
    expect(rowOf(read, 'orders')).toMatchObject({ value: '4', valueBefore: '3', currency: null });
    expect(rowOf(read, 'average_order_value')).toMatchObject({ value: '18.75', valueBefore: '16.67' });
    expect(rowOf(read, 'customers')).toBeNull();
  });

  test('is not there where the year before has no published day', async () => {
    await closed([['2026-03-01', ['20.00']]]);
    expect(yearComparison(await material('2026-03-01'))).toBeNull();
  });

  test('counts no day that only one of the years has, and says from when on both do', async () => {
    await closed([['2026-03-01', ['20.00']]]);
    const read = await material('2026-03-10', {
      history: days(datesInRange('2026-03-01', '2026-03-10')),
      yearBefore: days(datesInRange('2025-03-04', '2025-03-10'), 2_000_000n),
    });
    expect(rowOf(read)).toMatchObject({
      value: '7.00',
      valueBefore: '14.00',
      counted: { kind: 'stretch', from: '2026-03-04', to: '2026-03-10' },
    });
  });

  test('says how many days count where they are in pieces, and says nothing below half of them', async () => {
    await closed([['2026-03-01', ['20.00']]]);
    const history = days(datesInRange('2026-03-01', '2026-03-10'));
    const earlier = (...dates: number[]) => days(dates.map((day) => `2025-03-${String(day).padStart(2, '0')}`));
    const many = await material('2026-03-10', { history, yearBefore: earlier(1, 2, 3, 6, 7, 8) });
    expect(rowOf(many)?.counted).toEqual({ kind: 'some', days: 6, of: 10 });
    expect(yearComparison({ ...many, yearBefore: earlier(1, 3, 5, 7) })).toBeNull();
  });

  test('holds 29 February against no day', async () => {
    await closed([['2028-02-29', ['20.00']]]);
    const read = await material('2028-02-29', {
      history: days(datesInRange('2028-02-01', '2028-02-29')),
      yearBefore: days(datesInRange('2027-02-01', '2027-02-28')),
    });
    expect(rowOf(read)).toMatchObject({
      value: '28.00',
      valueBefore: '28.00',
      counted: { kind: 'stretch', from: '2028-02-01', to: '2028-02-28' },
    });
  });

  test('a day without trade counts as it is: closed in one year and open in the other', async () => {
    await closed([['2026-03-02', ['20.00']]], { calendar: { closedWeekdays: ['sunday'] } });
    const read = await material('2026-03-02', {
      history: days(['2026-03-02']),
      yearBefore: days(['2025-03-01']),
    });
    expect(rowOf(read)).toMatchObject({ value: '1.00', valueBefore: '1.00', counted: { kind: 'all' } });
  });

  test('names a definition that only the year before was made by', async () => {
    await closed([['2026-03-01', ['20.00']]]);
    const yearBefore = days(['2025-03-01'], 1_000_000n, 'gross_sales@0');
    expect(rowOf(await material('2026-03-01', { yearBefore }))?.otherDefinitions).toEqual(['gross_sales@0']);
  });
});

describe('the rest of the report', () => {
  test('shows adjustments of its metrics with their own dates, one line a number, and none for what was taken back', async () => {
    await closed([['2026-03-01', ['20.00']]]);
    const read = await material('2026-03-01');
    const adjustment = { storeId: own.clientId, reason: 'a late refund', amountMicros: -1_500_000n };
    const items = adjustmentItems(read, [
      { ...adjustment, metric: 'gross_sales', eventDate: '2026-02-20' },
      { ...adjustment, metric: 'orders', eventDate: '2026-02-10', amountMicros: -1_000_000n },
      { ...adjustment, metric: 'shipping', eventDate: '2026-02-01' },
      { ...adjustment, metric: 'gross_sales', eventDate: '2026-02-20', amountMicros: 500_000n, reason: 'a late order' },
      { ...adjustment, metric: 'gross_sales', eventDate: '2026-02-21' },
      { ...adjustment, metric: 'gross_sales', eventDate: '2026-02-21', amountMicros: 1_500_000n },
    ]);
    expect(items).toEqual([
      { eventDate: '2026-02-10', title: 'Orders', place: null, amount: '-1', currency: null, reason: 'a late refund' },
      {
        eventDate: '2026-02-20',
        title: 'Gross sales',
        place: null,
        amount: '-1.00',
        currency: 'USD',
        reason: 'a late refund, a late order',
      },
    ]);
  });

  test('ends with what the numbers are, their day and currency, and who answers for what', async () => {
    await closed([['2026-03-01', ['20.00']]], {
      owners: {
        metrics: { '*': { owner: 'ada', deputy: 'ben' }, orders: { owner: 'ben', deputy: 'ada' } },
        reports: { '*': { owner: 'ben', deputy: 'ada' } },
        transforms: { '*': { owner: 'ada', deputy: 'ben' } },
        incidents: { owner: 'ada', deputy: 'ben' },
      },
    });
    expect(footerOf(await material('2026-03-01'))).toEqual([
      'Management information on the basis of orders: a sale counts on the day of the order, a refund on the day of the refund. Not audited.',
      'The business day is the calendar day in America/New_York. Amounts are in USD.',
      'Ben Ray answers for this report, orders@1; Ada Lind answers for gross_sales@1, average_order_value@1, customers@1.',
    ]);
  });
});
