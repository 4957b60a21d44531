import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { PeriodDocument } from '../../cli/documents.ts';
import { type CloseDay, valuesOf } from '../support/close-document.ts';
import { TestInstallation } from '../support/installation.ts';
import { fileWithLateLines, LATE } from '../support/late-lines.ts';
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

const CLIENT = 'online-retail';
const MONTHS = ['2010-12', '2011-01', '2011-02', '2011-03', '2011-04', '2011-05'];
const OPEN = '2011-06';
const OPEN_STATES = ['healing', 'awaiting_decision', 'awaiting_second', 'overdue'];

const pence = (text: string | null): bigint => BigInt((text ?? '').replace('.', ''));
const plus = (one: string | null, other: string | null): string => {
  const sum = pence(one) + pence(other);
  const digits = String(sum < 0n ? -sum : sum).padStart(3, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const sumOfMonth = (days: ReadonlyMap<string, string>, month: string): string =>
  [...days].filter(([date]) => date.startsWith(month)).reduce((sum, [, value]) => plus(sum, value), '0.00');

const numberOf = ({ numbers }: PeriodDocument, metric: string) => numbers.find((one) => one.metric === metric)!;
/** All that a locked month says, but for what was posted about it since, byte for byte. */
const unchanging = ({ adjustedSince: _, ...rest }: PeriodDocument): string => JSON.stringify(rest);

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

  const showMonth = (month: string) =>
    installation.json<PeriodDocument>(['period', 'show', '--client', CLIENT, '--month', month]);

  /** Two people: whoever started the installation, and another one by a token. */
  let second: Promise<string> | undefined;
  async function lockMonth(month: string): Promise<PeriodDocument> {
    second ??= installation
      .json<{ token: string }>(['tokens', 'create', '--person', 'finance', '--role', 'owner'])
      .then(({ token }) => token);
    const asked = ['--client', CLIENT, '--month', month];
    await installation.json(['period', 'close', ...asked]);
    const { api } = installation.endpoints;
    const answer = await fetch(`${api}/api/v1/clients/${CLIENT}/periods/${month}/lock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await second}` },
    });
    expect([month, answer.status]).toEqual([month, 200]);
    return (await answer.json()) as PeriodDocument;
  }

  /** A day that differs from the till's own total by its late line waits until a person has accepted that. */
  async function acceptLate(date: string): Promise<void> {
    const show = () => installation.json<CloseDay>(['close', 'show', '--client', CLIENT, '--date', date]);
    await installation.until(
      async () => (await show()).exceptions.some(({ state }) => OPEN_STATES.includes(state)),
      MINUTES,
    );
    for (const { id, state } of (await show()).exceptions)
      if (OPEN_STATES.includes(state))
        await installation.json(['exceptions', 'approve', id, '--reason', 'the line came late']);
    await installation.until(async () => (await show()).status === 'published', MINUTES);
  }

  /** What is published of a metric, by day. */
  async function daysOf(metric: string): Promise<Map<string, string>> {
    const range = ['--metric', metric, '--from', '2010-12-01', '--to', '2011-06-30'];
    const { numbers } = await installation.json<{ numbers: { businessDate: string; value: string }[] }>([
      'metrics',
      'get',
      '--client',
      CLIENT,
      ...range,
    ]);
    return new Map(numbers.map((one) => [one.businessDate, one.value]));
  }

  /** What the ledger says of a metric over all days, each rounded as it is published. */
  async function ledgerOf(metric: string): Promise<string> {
    const kinds = { gross_sales: `('gross_sales')`, sales_reversals: `('sales_reversal')` }[metric];
    const [row] = await query<{ total: string }>(
      `select sum(round(day, 2))::text as total from (select sum(amount_micros) / 1000000.0 as day from ledger_entry
         where book = 'sales' ${kinds ? `and kind in ${kinds}` : ''} group by business_date) days`,
    );
    return row!.total;
  }

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

  test(
    'add up month by month after six of them were locked and ten lines came late',
    async () => {
      const locked = await Promise.all(MONTHS.map(lockMonth));
      const file = fileWithLateLines(
        '../shared/data/online-retail/2011-06-30.csv',
        installation.data,
        '2011-06-30.csv',
      );
      await installation.json(['sources', 'upload', '--client', CLIENT, '--source', 'till', file]);
      await installation.json(['close', 'run', '--client', CLIENT, '--date', '2011-06-30', '--wait']);
      for (const [date] of LATE) await installation.json(['close', 'run', '--client', CLIENT, '--date', date]);
      for (const [date] of LATE) await acceptLate(date);
      const after = await Promise.all([...MONTHS, OPEN].map(showMonth));
      expect(after.slice(0, -1).map(unchanging)).toEqual(locked.map(unchanging));
      expect(after.map(({ state }) => state)).toEqual([...MONTHS.map(() => 'locked'), 'open']);
      for (const metric of ['gross_sales', 'sales_reversals', 'invoiced_total']) {
        const values = after.map((one) => numberOf(one, metric));
        expect(values.map((one) => one.value)).toEqual(values.map((one) => plus(one.ofDays, one.adjustments)));
        const dates = await daysOf(metric);
        expect(after.map((one) => numberOf(one, metric).ofDays)).toEqual(
          after.map((one) => sumOfMonth(dates, one.month)),
        );
        expect(values.reduce((sum, one) => plus(sum, one.value), '0.00')).toBe(await ledgerOf(metric));
      }
      const { adjustments } = after.at(-1)!;
      const posted = adjustments.filter((one) => one.metric === 'invoiced_total');
      expect(posted.map((one) => [one.businessDate, one.amount])).toEqual(LATE);
      expect([numberOf(after[0]!, 'orders').adjustments, numberOf(after.at(-1)!, 'orders').adjustments]).toEqual([
        '0',
        '9',
      ]);
    },
    10 * MINUTES,
  );

  test('leave an audit trail that verifies', async () => {
    expect(await installation.json(['audit', 'verify'])).toMatchObject({ ok: true, problems: [] });
  });
});
