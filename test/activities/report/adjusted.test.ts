import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readMaterial } from '../../../activities/report/material.ts';
import { reportView } from '../../../activities/report/view.ts';
import { type MonthBench, orderOf, SHOP, startMonthBench } from '../../support/month-bench.ts';

const LAST = '2026-03-31';
const FIRST = '2026-04-01';

let month: MonthBench;
beforeAll(async () => {
  month = await startMonthBench();
  await month.bench.apply(month.shop.document());
  await month.closeDay(LAST, [orderOf('a', LAST, '10.00')]);
  expect((await month.say('ada', 'close', '2026-03')).status).toBe(200);
  expect((await month.say('ben', 'lock', '2026-03')).status).toBe(200);
  await month.closeDay(LAST, [orderOf('a', LAST, '10.00'), orderOf('late', LAST, '4.50')]);
}, 60_000);
afterAll(() => month.stop());

test('what came for a locked month is a section of the open month’s reports, with its own date and reason', async () => {
  await month.closeDay(FIRST, [orderOf('b', FIRST, '20.00')]);
  const key = { clientId: SHOP, businessDate: FIRST, attempt: 1, modelVersion: 1 };
  const { adjustments } = reportView(await readMaterial(month.bench.db, key), 'published');
  expect(adjustments.find((one) => one.title === 'Gross sales')).toEqual({
    eventDate: LAST,
    title: 'Gross sales',
    place: null,
    amount: '4.50',
    currency: 'USD',
    reason: 'late arrival',
  });
  const text = month.bench.mailbox.mails.at(-1)!.text!.replace(/\s+/g, ' ');
  expect(text).toContain('ADJUSTMENTS TO EARLIER MONTHS');
  expect(text).toMatch(/31 March 2026, Gross sales: late arrival 4\.50/);
});
