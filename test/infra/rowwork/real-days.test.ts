import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { formatMicros, parseMicros } from '../../../domain/money.ts';
import type { StoredValue } from '../../../infra/postgres/metrics/values.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';

const SHARED = resolve('../shared');
const DOCUMENT = join(SHARED, 'examples/online-retail/operating-model.yaml');
const TRADE = join(SHARED, 'data/online-retail');
const isThere = existsSync(DOCUMENT);
const testReal = (name: string, run: () => Promise<void>) =>
  isThere ? test(name, run, 120_000) : test(`${name} (not run: ${SHARED} is absent)`, () => undefined);

type Totals = {
  rows: string;
  gross_positive: string;
  cancellations: string;
  other_negative_or_zero: string;
  net: string;
};

/** What others computed from the same files, by day. */
function dailyTotals(): Map<string, Totals> {
  const [header, ...lines] = readFileSync(join(TRADE, 'daily-totals.csv'), 'utf8').trim().split('\n');
  const names = header!.trim().split(',');
  return new Map(
    lines.map((line) => {
      const cells = line.trim().split(',');
      return [cells[0]!, Object.fromEntries(names.map((name, at) => [name, cells[at]])) as unknown as Totals];
    }),
  );
}

const december = (): string[] =>
  readdirSync(TRADE)
    .filter((name) => name.startsWith('2010-12-'))
    .map((name) => name.slice(0, 10));

/** The day's lines as the totals tell them apart: sold, cancelled (invoices with a C) and the rest. */
async function partsOf({ database }: Pipeline, date: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ sold: bigint; cancelled: bigint; other: bigint }>`
    select coalesce(sum(amount_micros) filter (where amount_micros > 0 and order_id not like 'C%'), 0)::bigint as sold,
      coalesce(sum(amount_micros) filter (where order_id like 'C%'), 0)::bigint as cancelled,
      coalesce(sum(amount_micros) filter (where amount_micros <= 0 and order_id not like 'C%'), 0)::bigint as other
    from ledger_entry where business_date = ${date}`.execute(database.db);
  const { sold, cancelled, other } = rows[0]!;
  return { sold: formatMicros(sold, 2), cancelled: formatMicros(cancelled, 2), other: formatMicros(other, 2) };
}

const cents = (text: string): string => formatMicros(parseMicros(text), 2);

const moneyOf = (values: readonly StoredValue[], metric: string): string | null => {
  const micros = values.find((one) => one.metric === metric && one.dimension === '')?.valueMicros;
  return micros === undefined || micros === null ? null : formatMicros(micros, 2);
};

describe('the trading days of a real shop', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await openPipeline();
  });
  afterAll(() => pipeline.close());

  testReal('are captured and normalized to the published totals, record by record', async () => {
    const client = await pipeline.apply(DOCUMENT);
    const totals = dailyTotals();
    for (const date of december()) {
      const [captured] = await pipeline.capture(client, date);
      const normalized = await pipeline.normalize(client, date);
      const values = await pipeline.values(client, date);
      const expected = totals.get(date)!;
      expect({ date, captured }).toMatchObject({ captured: { status: 'captured', records: Number(expected.rows) } });
      expect({ date, ...normalized }).toMatchObject({ quarantined: 0, posted: Number(expected.rows) });
      expect({ date, net: moneyOf(values, 'invoiced_total') }).toEqual({ date, net: cents(expected.net) });
      expect({ date, ...(await partsOf(pipeline, date)) }).toEqual({
        date,
        sold: cents(expected.gross_positive),
        cancelled: cents(expected.cancellations),
        other: cents(expected.other_negative_or_zero),
      });
    }
  });
});
