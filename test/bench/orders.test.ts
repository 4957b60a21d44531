import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOrders } from './orders.ts';
import { verifyClose } from './verify.ts';

const ROWS = 20_000;
const DATE = '2026-01-05';

type Item = { price: string; quantity: unknown; discount: string };
type Order = { test: boolean; total_price?: string; line_items: Item[]; refunds?: { amount: string }[] };

const cents = (text: string): number => Math.round(Number(text) * 100);
const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
const isGood = ({ total_price, line_items }: Order): boolean =>
  total_price !== undefined &&
  line_items.every(({ price, quantity }) => price !== 'on request' && quantity === Number(quantity));

describe('the orders of the benchmark', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meshline-orders-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('what a file is said to come to is what its lines add up to', async () => {
    const { path, bytes, expected } = await writeOrders(join(folder, 'a'), ROWS, DATE, 7);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const orders = [...new Set(lines)].map((line) => JSON.parse(line) as Order);
    const good = orders.filter(isGood);
    const sold = good.filter((order) => !order.test);
    expect(expected).toMatchObject({
      rows: lines.length,
      duplicates: lines.length - orders.length,
      quarantined: orders.length - good.length,
      orders: sold.length,
      grossCents: sum(sold.flatMap((o) => o.line_items.map((i) => cents(i.price) * Number(i.quantity)))),
      discountCents: sum(sold.flatMap((o) => o.line_items.map((i) => cents(i.discount)))),
      reversalCents: sum(sold.flatMap((o) => (o.refunds ?? []).map((r) => cents(r.amount)))),
    });
    expect(bytes / ROWS).toBeGreaterThan(400);
    expect(sold.filter((order) => order.refunds).length / sold.length).toBeCloseTo(0.04, 1);
  });

  test('the same seed makes the same file, another one other orders', async () => {
    const [one, same, other] = await Promise.all(
      [7, 7, 8].map(async (seed, at) =>
        readFile((await writeOrders(join(folder, `b${at}`), 500, DATE, seed)).path, 'utf8'),
      ),
    );
    expect(same).toBe(one);
    const keys = new Set(one!.match(/"id":\d{8,}/g));
    expect(other!.match(/"id":\d{8,}/g)?.filter((id) => keys.has(id))).toEqual([]);
  });

  test('a close that is a cent off is wrong', async () => {
    const { expected } = await writeOrders(join(folder, 'c'), 500, DATE, 9);
    const money = (value: number) => (value / 100).toFixed(2);
    const { grossCents, discountCents, reversalCents, rows, quarantined, duplicates } = expected;
    const closed = (gross: number) => ({
      status: 'published',
      captured: { records: rows, quarantined, duplicates, inSuspense: money(expected.suspenseCents) },
      metrics: Object.entries({
        gross_sales: money(gross),
        discounts: money(-discountCents),
        sales_reversals: money(-reversalCents),
        net_sales: money(grossCents - discountCents - reversalCents),
        orders: String(expected.orders),
      }).map(([metric, value]) => ({ metric, slice: null, value })),
    });
    expect(() => verifyClose(closed(grossCents), expected)).not.toThrow();
    expect(() => verifyClose(closed(grossCents + 1), expected)).toThrow('gross_sales is');
  });
});
