import type { CloseDay } from '../../support/close-document.ts';
import { valuesOf } from '../../support/close-document.ts';
import { LATE } from '../../support/late-lines.ts';
import { describeWithShared } from '../../support/shared-data.ts';
import { MINUTES, numberOf, publishedTotals, RetailInstallation, UNDECLARED, unchanging } from './retail.ts';

const RANGE = ['2010-12-01', '2011-06-30'] as const;
const MONTHS = ['2010-12', '2011-01', '2011-02', '2011-03', '2011-04', '2011-05'];
const OPEN = '2011-06';

describeWithShared('seven months of Online Retail', () => {
  const retail = new RetailInstallation();
  let days: Map<string, CloseDay>;

  beforeAll(async () => {
    await retail.open();
    days = await retail.backfill(...RANGE, [3]);
  }, 20 * MINUTES);
  afterAll(() => retail.dispose(), 2 * MINUTES);

  test('are closed by one command, every trading day to the penny', () => {
    expect(days.size).toBe(212);
    for (const [date, { rows, net }] of publishedTotals()) {
      const day = days.get(date)!;
      const found = [date, day.status, day.captured.records, Number(valuesOf(day).invoiced_total)];
      expect(found).toEqual([date, 'published', rows, Number(Number(net).toFixed(2))]);
    }
  });

  test('have exact entries, not rounded ones', async () => {
    const sums = await retail.query<{ kind: string; sum: string }>(
      'select kind, sum(amount_micros)::text as sum from ledger_entry group by kind',
    );
    expect(Object.fromEntries(sums.map(({ kind, sum }) => [kind, Number(sum) / 1e6]))).toMatchObject({
      gross_sales: 4_646_171.171,
      sales_reversal: -184_211.31,
      shipping: 123_817.51,
      fee: -122_574.8,
      adjustment: -62_129.96,
      discount: -3_632.67,
      gift_card: 510.82,
    });
  });

  test('count the file of a closed day that has one', () => {
    expect(days.get('2011-05-01')!.captured.records).toBeGreaterThan(0);
  });

  test('wait where a file is missing that the calendar does not forgive', () => {
    expect([...days.values()].filter((day) => day.status !== 'published').map((day) => day.businessDate)).toEqual([
      UNDECLARED,
    ]);
    expect(days.get(UNDECLARED)).toMatchObject({ status: 'waiting', exceptions: [{ kind: 'source' }] });
  });

  test(
    'publish nothing new and mail nobody when they are closed again',
    async () => {
      const before = await retail.counts();
      await retail.backfill(...RANGE, [3]);
      expect(await retail.counts()).toEqual(before);
    },
    10 * MINUTES,
  );

  test(
    'add up month by month after six of them were locked and ten lines came late',
    async () => {
      await retail.acceptNoTrading();
      const locked = await Promise.all(MONTHS.map((month) => retail.lockMonth(month)));
      await retail.bringLate('2011-06-30', LATE);
      const after = await Promise.all([...MONTHS, OPEN].map((month) => retail.showMonth(month)));
      expect(after.slice(0, -1).map(unchanging)).toEqual(locked.map(unchanging));
      expect(after.map(({ state }) => state)).toEqual([...MONTHS.map(() => 'locked'), 'open']);
      await retail.expectToAddUp(after, ...RANGE);
      const posted = after.at(-1)!.adjustments.filter((one) => one.metric === 'invoiced_total');
      expect(posted.map((one) => [one.businessDate, one.amount])).toEqual(LATE);
      expect([after[0]!, after.at(-1)!].map((one) => numberOf(one, 'orders').adjustments)).toEqual(['0', '9']);
    },
    10 * MINUTES,
  );

  test('leave an audit trail that verifies', async () => {
    expect(await retail.json(['audit', 'verify'])).toMatchObject({ ok: true, problems: [] });
  });
});
