import { expect, test } from '@jest/globals';
import { STANDARD_METRICS } from '../../../domain/metrics/library.ts';
import { parseMicros } from '../../../domain/money.ts';
import { datesOfMonth, monthAfter, monthBounds } from '../../../domain/period/month.ts';
import { type AdjustedTotal, periodNumbers } from '../../../domain/period/numbers.ts';
import type { DayTotal } from '../../../domain/period/over-days.ts';

const catalog = new Map(STANDARD_METRICS.map((metric) => [metric.id, metric]));
const day = (date: string, metric: string, value: string): DayTotal => ({
  date,
  storeId: 'shop',
  metric,
  definition: `${metric}@1`,
  currency: metric === 'orders' ? null : 'GBP',
  valueMicros: parseMicros(value),
});
const adjusted = (metric: string, value: string): AdjustedTotal => {
  const { date: _, valueMicros, ...rest } = day('', metric, value);
  return { ...rest, micros: valueMicros! };
};
const numberOf = (days: readonly DayTotal[], more: readonly AdjustedTotal[], metric: string) =>
  periodNumbers(catalog, days, more).find((one) => one.metric === metric);

const DAYS = [
  ...['gross_sales', 'discounts', 'orders', 'customers'].map((id) => day('2026-03-01', id, '10')),
  ...['gross_sales', 'discounts', 'orders', 'customers'].map((id) => day('2026-03-02', id, '20')),
  ...['average_order_value'].flatMap((id) => [day('2026-03-01', id, '2'), day('2026-03-02', id, '2')]),
];

test('a month is the sum of its days and of what was posted to it', () => {
  expect(numberOf(DAYS, [adjusted('gross_sales', '-3')], 'gross_sales')).toMatchObject({
    days: 2,
    daysMicros: parseMicros('30'),
    adjustmentMicros: parseMicros('-3'),
    valueMicros: parseMicros('27'),
  });
});

test('a ratio is made of sums, those that were posted among them', () => {
  expect(numberOf(DAYS, [], 'average_order_value')).toMatchObject({ valueMicros: parseMicros('2') });
  const posted = [adjusted('gross_sales', '6'), adjusted('orders', '3')];
  expect(numberOf(DAYS, posted, 'average_order_value')).toMatchObject({
    daysMicros: parseMicros('2'),
    valueMicros: parseMicros('2'),
    adjustmentMicros: 0n,
  });
});

test('a day on which a part of a ratio is not published tilts nothing', () => {
  const partly = [...DAYS, day('2026-03-03', 'gross_sales', '999')];
  expect(numberOf(partly, [], 'average_order_value')).toMatchObject({ valueMicros: parseMicros('2') });
});

test('customers of single days make no customers of a month', () => {
  expect(numberOf(DAYS, [], 'customers')).toBeUndefined();
});

test('what is posted to a month without a day of that metric is its number all the same', () => {
  expect(numberOf([], [adjusted('orders', '1')], 'orders')).toMatchObject({ days: 0, valueMicros: parseMicros('1') });
});

test('a month has its dates, also in February and over the end of a year', () => {
  expect(monthBounds('2024-02')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  expect([monthAfter('2025-12'), datesOfMonth('2026-02').length]).toEqual(['2026-01', 28]);
  expect(() => monthBounds('2026-13')).toThrow(RangeError);
});
