import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { minorDigits } from '../../../domain/currency.ts';
import { formatMicros } from '../../../domain/money.ts';
import { orderModel, ordersFile } from '../../support/order-model.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';

const DATE = '2026-03-02';
const ORDERS = [
  { id: 'A1', at: '2026-03-02T15:00:00Z', amount: '100.00', discount: '10.00' },
  { id: 'A2', at: '2026-03-02T16:00:00Z', amount: '49.99' },
  { id: 'A2', at: '2026-03-02T16:00:00Z', amount: '49.99' },
  { id: 'A3', at: '2026-03-02T17:00:00Z', amount: 'a lot' },
];
const REFUNDS = [{ id: 'R1', at: '2026-03-02T18:00:00Z', amount: '5.00', order: 'A1' }];

async function rowCounts({ database }: Pipeline): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(database.db);
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${sql.table(name)}`.execute(
      database.db,
    );
    counts[name] = rows[0]!.count;
  }
  return counts;
}

describe('a preview', () => {
  let pipeline: Pipeline;
  let document: string;
  beforeEach(async () => {
    pipeline = await openPipeline();
    document = join(pipeline.folder, 'model.yaml');
    await writeFile(document, orderModel({ refunds: true }));
    await writeFile(join(pipeline.folder, `orders-${DATE}.ndjson`), ordersFile(ORDERS));
    await writeFile(join(pipeline.folder, `refunds-${DATE}.ndjson`), ordersFile(REFUNDS));
  });
  afterEach(() => pipeline.close());

  /** The numbers of the real stages, printed as the preview prints them. */
  async function closed(): Promise<Record<string, string | null>> {
    const client = await pipeline.apply(document);
    await pipeline.capture(client, DATE);
    await pipeline.normalize(client, DATE);
    const values = await pipeline.values(client, DATE);
    return Object.fromEntries(
      values
        .filter((one) => one.dimension === '')
        .map(({ metric, valueMicros, currency }) => [
          metric,
          valueMicros === null ? null : formatMicros(valueMicros, currency ? minorDigits(currency) : 0),
        ]),
    );
  }

  test('of a new client shows what its close then computes, and leaves every table as it was', async () => {
    const before = await rowCounts(pipeline);
    const preview = await pipeline.preview(document, DATE);
    expect(await rowCounts(pipeline)).toEqual(before);
    expect(preview).toMatchObject({ client: 'acme', businessDate: DATE, problems: [], missing: [] });
    expect(preview.captured).toEqual({ records: 5, quarantined: 1, duplicates: 1, inSuspense: '0.00' });
    const numbers = Object.fromEntries(preview.metrics.map(({ metric, value }) => [metric, value]));
    expect(numbers).toMatchObject({
      gross_sales: '149.99',
      discounts: '-10.00',
      sales_reversals: '-5.00',
      orders: '2',
    });
    expect(numbers).toEqual(await closed());
  });

  test('of a changed document for a closed day shows the difference, and changes nothing', async () => {
    const before = await closed();
    const counts = await rowCounts(pipeline);
    await writeFile(document, orderModel({ refunds: true, grossField: 'listed', effectiveFrom: '2026-03-01' }));
    const listed = ORDERS.map((order) => ({ ...order, listed: '200.00' }));
    await writeFile(join(pipeline.folder, `orders-${DATE}.ndjson`), ordersFile(listed));
    const preview = await pipeline.preview(document, DATE);
    const numbers = Object.fromEntries(preview.metrics.map(({ metric, value }) => [metric, value]));
    expect(before.gross_sales).toBe('149.99');
    expect(numbers.gross_sales).toBe('400.00');
    expect(await rowCounts(pipeline)).toEqual(counts);
  });

  test('says of each source that is absent or cannot be used what is wrong, and shows the rest', async () => {
    await writeFile(join(pipeline.folder, `refunds-${DATE}.ndjson`), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0]));
    const { sources, metrics } = await pipeline.preview(document, DATE);
    expect(sources).toMatchObject([
      { source: 'orders', status: 'captured' },
      { source: 'refunds', status: 'failed' },
    ]);
    expect(sources[1]!.message).toContain('gzip data ends early');
    expect(metrics.find((one) => one.metric === 'gross_sales')).toMatchObject({ value: '149.99' });
    const [absent] = (await pipeline.preview(document, '2026-03-09')).sources;
    expect(absent).toMatchObject({ status: 'absent' });
    expect(absent!.message).toContain('orders-2026-03-09.ndjson: no such file');
  });

  const statusesOf = async (date = DATE) =>
    Object.fromEntries((await pipeline.preview(document, date)).metrics.map((one) => [one.metric, one]));

  test('lists the records in quarantine, each with its file, its line and what is wrong with it', async () => {
    const { quarantined } = await pipeline.preview(document, DATE);
    expect(quarantined).toMatchObject([
      {
        source: 'orders',
        place: expect.stringMatching(/orders-2026-03-02\.ndjson line 4$/),
        amount: null,
        errors: [{ path: 'amount', found: '"a lot"', expected: expect.stringContaining('decimal') }],
      },
    ]);
  });

  test('withholds what reads a source that did not answer, and says why', async () => {
    const metrics = await statusesOf('2026-03-09');
    expect(metrics.gross_sales).toMatchObject({
      status: 'withheld',
      reason: expect.stringContaining('orders-2026-03-09.ndjson: no such file'),
    });
  });

  test('withholds what too many records in quarantine, too few valid ones or a broken row check stand against', async () => {
    const model = orderModel({ refunds: true });
    const judged = async (check: string) => {
      await writeFile(document, model.replace('report:\n', `checks: [${check}]\nreport:\n`));
      return (await statusesOf()).gross_sales;
    };
    const common = 'id: orders-check, source: orders';
    expect(await judged(`{ ${common}, kind: quarantine, maximumShare: "0.5" }`)).toMatchObject({ status: 'published' });
    expect(await judged(`{ ${common}, kind: quarantine, maximumShare: "0.1" }`)).toMatchObject({
      status: 'withheld',
      value: '149.99',
      reason: expect.stringContaining('1 of 4 records of orders are in quarantine'),
    });
    expect(await judged(`{ ${common}, kind: completeness, minimumRecords: 3 }`)).toMatchObject({
      status: 'withheld',
      reason: expect.stringContaining('at least 3 are expected'),
    });
    const dear = await judged(`{ ${common}, kind: row, expect: "row.amount < 60.0" }`);
    expect(dear).toMatchObject({ status: 'withheld', reason: expect.stringContaining('orders') });
  });

  test('compares with the source-reported totals, as the close does', async () => {
    const before = await rowCounts(pipeline);
    const control = `{ id: platform, metric: gross_sales, evidence: platform_report, connector: file, tolerance: { absolute: "0.01" },
  options: { location: totals.csv, format: csv, dateField: day, valueField: gross } }`;
    const model = orderModel({ refunds: true }).replace('report:\n', `controls:\n - ${control}\nreport:\n`);
    await writeFile(document, model);
    const reported = async (gross: string) => {
      await writeFile(join(pipeline.folder, 'totals.csv'), `day,gross\n${DATE},${gross}\n`);
      return (await statusesOf()).gross_sales;
    };
    expect(await reported('149.99')).toMatchObject({ status: 'published' });
    expect(await reported('150.99')).toMatchObject({
      status: 'withheld',
      value: '149.99',
      reason: expect.stringContaining('theirs 150.99'),
    });
    expect(await rowCounts(pipeline)).toEqual(before);
  });

  test('of a document that is not valid is its problems, each with its place', async () => {
    await writeFile(document, orderModel({ refunds: true }).replace('currency: USD', 'currency: dollars'));
    const preview = await pipeline.preview(document, DATE);
    expect(preview).toMatchObject({ client: null, metrics: [], sources: [] });
    expect(preview.problems).toContainEqual(
      expect.objectContaining({ path: 'client.currency', file: document, line: expect.any(Number) }),
    );
  });
});
