import { expect, test } from '@jest/globals';
import { dateInName } from '../../domain/slot-date.ts';

const TEMPLATE = '/landing/shop/orders-{date}.csv';

test('a date is read from where the template has it, with or without compression', () => {
  expect(dateInName(TEMPLATE, 'orders-2026-03-05.csv')).toBe('2026-03-05');
  expect(dateInName(TEMPLATE, 'orders-2026-03-05.csv.gz')).toBe('2026-03-05');
  expect(dateInName('{date}.ndjson', '2026-03-05.ndjson')).toBe('2026-03-05');
});

test('a name that does not fit, and a date that does not exist, say nothing', () => {
  for (const name of [
    'orders.csv',
    'orders-2026-03-05.txt',
    'new-orders-2026-03-05.csv',
    'orders-2026-02-30.csv',
    'orders-.csv',
  ])
    expect([name, dateInName(TEMPLATE, name)]).toEqual([name, null]);
  expect(dateInName('/landing/{date}/orders.csv', 'orders.csv')).toBeNull();
});
