import { type CloseDay, valuesOf } from '../../support/close-document.ts';
import { LATE } from '../../support/late-lines.ts';
import { describeWithShared } from '../../support/shared-data.ts';
import { CLIENT, MINUTES, numberOf, publishedTotals, RetailInstallation, UNDECLARED, unchanging } from './retail.ts';

const RANGE = ['2010-12-01', '2011-01-07'] as const;
const LOCKED = '2010-12';
const OPEN = '2011-01';
/** Late lines of the month that is locked. */
const OF_DECEMBER = LATE.filter(([date]) => date.startsWith(LOCKED));

describeWithShared('Online Retail over the turn of a year', () => {
  const retail = new RetailInstallation();
  let days: Map<string, CloseDay>;

  beforeAll(async () => {
    await retail.open();
    days = await retail.backfill(...RANGE);
  }, 10 * MINUTES);
  afterAll(() => retail.dispose(), 2 * MINUTES);

  test('is closed by one command, every trading day to the penny', () => {
    const totals = [...publishedTotals()].filter(([date]) => date <= RANGE[1]);
    expect(totals.length).toBeGreaterThan(20);
    for (const [date, { rows, net }] of totals) {
      const day = days.get(date)!;
      const found = [date, day.status, day.captured.records, Number(valuesOf(day).invoiced_total)];
      expect(found).toEqual([date, 'published', rows, Number(Number(net).toFixed(2))]);
    }
  });

  test('publishes zero on closed days', () => {
    expect(days.get('2010-12-25')).toMatchObject({ status: 'published', captured: { records: 0 } });
    expect(valuesOf(days.get('2010-12-25')!)).toMatchObject({
      gross_sales: '0.00',
      orders: '0',
      invoiced_total: '0.00',
    });
  });

  test('keeps the sign of a day of more reversals than sales', () => {
    expect(valuesOf(days.get('2011-01-05')!)).toMatchObject({ invoiced_total: '-1566.23' });
  });

  test(
    'publishes nothing new and mails nobody when it is closed again',
    async () => {
      const before = await retail.counts();
      await retail.backfill(...RANGE);
      expect(await retail.counts()).toEqual(before);
    },
    5 * MINUTES,
  );

  test(
    'adds up month by month after one of them was locked and lines of it came late',
    async () => {
      const locked = await retail.lockMonth(LOCKED);
      await retail.bringLate(RANGE[1], OF_DECEMBER);
      const after = [await retail.showMonth(LOCKED), await retail.showMonth(OPEN)];
      expect(unchanging(after[0]!)).toBe(unchanging(locked));
      await retail.expectToAddUp(after, ...RANGE);
      const posted = after[1]!.adjustments.filter((one) => one.metric === 'invoiced_total');
      expect(posted.map((one) => [one.businessDate, one.amount])).toEqual(OF_DECEMBER);
      expect(after.map((one) => numberOf(one, 'orders').adjustments)).toEqual(['0', '2']);
    },
    5 * MINUTES,
  );

  test(
    'closes a day at zero that has no file, when a person says that there was no trading',
    async () => {
      const waiting = await retail.json<CloseDay>(
        ['close', 'run', '--client', CLIENT, '--date', UNDECLARED, '--wait'],
        [3],
      );
      expect(waiting).toMatchObject({ status: 'waiting', exceptions: [{ kind: 'source' }] });
      const day = await retail.acceptNoTrading();
      expect(valuesOf(day)).toMatchObject({ gross_sales: '0.00', orders: '0', invoiced_total: '0.00' });
      expect(day.metrics.find((one) => one.metric === 'gross_sales')).toMatchObject({ certificate: 'qualified' });
    },
    2 * MINUTES,
  );

  test('leaves an audit trail that verifies', async () => {
    expect(await retail.json(['audit', 'verify'])).toMatchObject({ ok: true, problems: [] });
  });
});
