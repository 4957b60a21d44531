import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { PeriodDocument } from '../../../cli/documents.ts';
import type { CloseDay } from '../../support/close-document.ts';
import { TestInstallation } from '../../support/installation.ts';
import { fileWithLateLines } from '../../support/late-lines.ts';

export const MINUTES = 60_000;
export const CLIENT = 'online-retail';
const MODEL = '../shared/examples/online-retail/operating-model.yaml';
const TOTALS = '../shared/data/online-retail/daily-totals.csv';
/** Nobody declared this holiday, and there is no file of it. */
export const UNDECLARED = '2011-05-30';
const OPEN_STATES = ['healing', 'awaiting_decision', 'awaiting_second', 'overdue'];

/** Facts about the files, computed from them by others: rows and net by trading day. */
export function publishedTotals(): Map<string, { rows: number; net: string }> {
  const [head, ...lines] = readFileSync(TOTALS, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const at = (name: string) => head!.indexOf(name);
  return new Map(lines.map((line) => [line[at('day')]!, { rows: Number(line[at('rows')]), net: line[at('net')]! }]));
}

const pence = (text: string | null): bigint => BigInt((text ?? '').replace('.', ''));

/** The sum of two amounts to the penny. */
export const plus = (one: string | null, other: string | null): string => {
  const sum = pence(one) + pence(other);
  const digits = String(sum < 0n ? -sum : sum).padStart(3, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** The sum of a month's days. */
export const sumOfMonth = (days: ReadonlyMap<string, string>, month: string): string =>
  [...days].filter(([date]) => date.startsWith(month)).reduce((sum, [, value]) => plus(sum, value), '0.00');

export const numberOf = ({ numbers }: PeriodDocument, metric: string) => numbers.find((one) => one.metric === metric)!;

/** All that a locked month says, but for what was posted about it since, byte for byte. */
export const unchanging = ({ adjustedSince: _, ...rest }: PeriodDocument): string => JSON.stringify(rest);

/** An installation of its own that closes Online Retail, by the command line as a person would. */
export class RetailInstallation extends TestInstallation {
  #second: Promise<string> | undefined;

  async open(): Promise<void> {
    await this.start('--empty');
    await this.json(['client', 'apply', MODEL]);
  }

  async backfill(from: string, to: string, exits: number[] = [0]): Promise<Map<string, CloseDay>> {
    const range = ['--client', CLIENT, '--from', from, '--to', to];
    const { days } = await this.json<{ days: CloseDay[] }>(['close', 'backfill', ...range, '--wait'], exits);
    return new Map(days.map((day) => [day.businessDate, day]));
  }

  async query<T>(text: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.endpoints.postgres });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return rows as T[];
  }

  counts() {
    return this.query<{ numbers: string; mails: string }>(
      `select (select count(*) from published_number) as numbers, (select count(*) from delivery where status = 'sent') as mails`,
    );
  }

  showDay(date: string): Promise<CloseDay> {
    return this.json<CloseDay>(['close', 'show', '--client', CLIENT, '--date', date]);
  }

  showMonth(month: string): Promise<PeriodDocument> {
    return this.json<PeriodDocument>(['period', 'show', '--client', CLIENT, '--month', month]);
  }

  /** Closes a month as whoever started the installation, and locks it as another person. */
  async lockMonth(month: string): Promise<PeriodDocument> {
    this.#second ??= this.json<{ token: string }>(['tokens', 'create', '--person', 'finance', '--role', 'owner']).then(
      ({ token }) => token,
    );
    await this.json(['period', 'close', '--client', CLIENT, '--month', month]);
    const { api } = this.endpoints;
    const answer = await fetch(`${api}/api/v1/clients/${CLIENT}/periods/${month}/lock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await this.#second}` },
    });
    expect([month, answer.status]).toEqual([month, 200]);
    return (await answer.json()) as PeriodDocument;
  }

  /** Delivers late lines with the file of a day, and has their own days closed anew. */
  async bringLate(date: string, late: readonly (readonly [string, string])[]): Promise<void> {
    const file = fileWithLateLines(`../shared/data/online-retail/${date}.csv`, this.data, `${date}.csv`, late);
    await this.json(['sources', 'upload', '--client', CLIENT, '--source', 'till', file]);
    await this.json(['close', 'run', '--client', CLIENT, '--date', date, '--wait']);
    for (const [day] of late) await this.json(['close', 'run', '--client', CLIENT, '--date', day]);
    for (const [day] of late) await this.#acceptLate(day);
  }

  /** A day that differs from the till's own total by its late line waits until a person has accepted that. */
  async #acceptLate(date: string): Promise<void> {
    const isOpen = ({ state }: { state: string }) => OPEN_STATES.includes(state);
    await this.until(async () => (await this.showDay(date)).exceptions.some(isOpen), MINUTES);
    for (const { id } of (await this.showDay(date)).exceptions.filter(isOpen))
      await this.json(['exceptions', 'approve', id, '--reason', 'the line came late']);
    await this.until(async () => (await this.showDay(date)).status === 'published', MINUTES);
  }

  /** A person says that there was no trading on the day that has no file. */
  async acceptNoTrading(): Promise<CloseDay> {
    const [exception] = (await this.showDay(UNDECLARED)).exceptions;
    await this.json(['exceptions', 'approve', exception!.id, '--reason', 'no trading on this day']);
    await this.until(async () => (await this.showDay(UNDECLARED)).status === 'published', MINUTES);
    return this.showDay(UNDECLARED);
  }

  /** What is published of a metric, by day. */
  async daysOf(metric: string, from: string, to: string): Promise<Map<string, string>> {
    const { numbers } = await this.json<{ numbers: { businessDate: string; value: string }[] }>([
      ...['metrics', 'get', '--client', CLIENT, '--metric', metric, '--from', from, '--to', to],
    ]);
    return new Map(numbers.map((one) => [one.businessDate, one.value]));
  }

  /** What the ledger says of a metric over all days, each rounded as it is published. */
  async ledgerOf(metric: string): Promise<string> {
    const kinds = { gross_sales: `('gross_sales')`, sales_reversals: `('sales_reversal')` }[metric];
    const [row] = await this.query<{ total: string }>(
      `select sum(round(day, 2))::text as total from (select sum(amount_micros) / 1000000.0 as day from ledger_entry
         where book = 'sales' ${kinds ? `and kind in ${kinds}` : ''} group by business_date) days`,
    );
    return row!.total;
  }

  /** Holds months, the last of them open, against the days that are published and against the ledger. */
  async expectToAddUp(months: readonly PeriodDocument[], from: string, to: string): Promise<void> {
    for (const metric of ['gross_sales', 'sales_reversals', 'invoiced_total']) {
      const values = months.map((one) => numberOf(one, metric));
      expect(values.map((one) => one.value)).toEqual(values.map((one) => plus(one.ofDays, one.adjustments)));
      const dates = await this.daysOf(metric, from, to);
      expect(months.map((one) => numberOf(one, metric).ofDays)).toEqual(
        months.map((one) => sumOfMonth(dates, one.month)),
      );
      expect(values.reduce((sum, one) => plus(sum, one.value), '0.00')).toBe(await this.ledgerOf(metric));
    }
  }
}
