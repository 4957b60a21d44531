import { readFileSync } from 'node:fs';
import pg from 'pg';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { TestInstallation } from '../support/installation.ts';
import { describeWithShared } from '../support/shared-data.ts';

const MINUTES = 60_000;
const MODEL = '../shared/examples/online-retail/operating-model.yaml';
const TOTALS = '../shared/data/online-retail/daily-totals.csv';
const RANGE = ['--client', 'online-retail', '--from', '2010-12-01', '--to', '2011-06-30'];
/** Nobody declared this holiday, and there is no file of it. */
const UNDECLARED = '2011-05-30';

/** Facts about the files, computed from them by others: rows and net by trading day. */
function publishedTotals(): Map<string, { rows: number; net: string }> {
  const [head, ...lines] = readFileSync(TOTALS, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const at = (name: string) => head!.indexOf(name);
  return new Map(lines.map((line) => [line[at('day')]!, { rows: Number(line[at('rows')]), net: line[at('net')]! }]));
}

describeWithShared('seven months of Online Retail', () => {
  const installation = new TestInstallation();
  let days: Map<string, CloseDay>;
  const query = async <T>(text: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: installation.endpoints.postgres });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return rows as T[];
  };
  const counts = () =>
    query<{ numbers: string; mails: string }>(
      `select (select count(*) from published_number) as numbers, (select count(*) from delivery where status = 'sent') as mails`,
    );

  beforeAll(async () => {
    await installation.start('--empty');
    await installation.json(['client', 'apply', MODEL]);
    const answer = await installation.json<{ days: CloseDay[] }>(['close', 'backfill', ...RANGE, '--wait'], [3]);
    days = new Map(answer.days.map((day) => [day.businessDate, day]));
  }, 20 * MINUTES);
  afterAll(() => installation.dispose(), 2 * MINUTES);

  test('are closed by one command, every trading day to the penny', () => {
    expect(days.size).toBe(212);
    for (const [date, { rows, net }] of publishedTotals()) {
      const day = days.get(date)!;
      const found = [date, day.status, day.captured.records, Number(valuesOf(day).invoiced_total)];
      expect(found).toEqual([date, 'published', rows, Number(Number(net).toFixed(2))]);
    }
  });

  test('have exact entries, not rounded ones', async () => {
    const sums = await query<{ kind: string; sum: string }>(
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

  test('publish zero on closed days, and count the file of a closed day that has one', () => {
    expect(days.get('2010-12-25')).toMatchObject({ status: 'published', captured: { records: 0 } });
    expect(valuesOf(days.get('2010-12-25')!)).toMatchObject({
      gross_sales: '0.00',
      orders: '0',
      invoiced_total: '0.00',
    });
    expect(days.get('2011-05-01')!.captured.records).toBeGreaterThan(0);
  });

  test('keep the sign of a day of more reversals than sales', () => {
    expect(valuesOf(days.get('2011-01-05')!)).toMatchObject({ invoiced_total: '-1566.23' });
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
      const before = await counts();
      await installation.json(['close', 'backfill', ...RANGE, '--wait'], [3]);
      expect(await counts()).toEqual(before);
    },
    10 * MINUTES,
  );

  test(
    'close at zero when a person says that there was no trading',
    async () => {
      const [exception] = days.get(UNDECLARED)!.exceptions;
      const approve = ['exceptions', 'approve', exception!.id, '--reason', 'no trading on this day'];
      await installation.json(approve);
      const wait = async () =>
        (await installation.json<CloseDay>(['close', 'show', '--client', 'online-retail', '--date', UNDECLARED]))
          .status;
      await installation.until(async () => (await wait()) === 'published', MINUTES);
      const day = await installation.json<CloseDay>([
        'close',
        'show',
        '--client',
        'online-retail',
        '--date',
        UNDECLARED,
      ]);
      expect(valuesOf(day)).toMatchObject({ gross_sales: '0.00', orders: '0', invoiced_total: '0.00' });
      expect(day.metrics.find((one) => one.metric === 'gross_sales')).toMatchObject({ certificate: 'qualified' });
    },
    2 * MINUTES,
  );

  test('leave an audit trail that verifies', async () => {
    expect(await installation.json(['audit', 'verify'])).toMatchObject({ ok: true, problems: [] });
  });
});
