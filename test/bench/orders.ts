import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What a close of a generated file must say: counts of rows, money in cents. */
export type Expected = {
  rows: number;
  quarantined: number;
  duplicates: number;
  suspenseCents: number;
  orders: number;
  grossCents: number;
  discountCents: number;
  reversalCents: number;
};
export type OrdersFile = { path: string; bytes: number; expected: Expected };

const PER_MILLE = { bad: 5, copies: 5, refunded: 40, tests: 2 };
const CHUNK_ROWS = 2_000;
const VISITS = [
  '/',
  '/collections/new?utm_source=google&utm_medium=cpc&utm_campaign=brand',
  '/products/linen-shirt?utm_source=newsletter&utm_medium=email&utm_campaign=weekly',
  '/products/wool-socks?utm_source=facebook&utm_medium=paid_social&utm_campaign=autumn',
  '/blogs/care',
];

type Item = { price: string; quantity: unknown; discount: string; title: string };
type Order = Record<string, unknown> & { line_items: Item[] };
/** `first` is what the first of the items adds to `gross`. */
type Cents = { gross: number; first: number; discount: number; refund: number };

const money = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Whole numbers from 0 up to, and without, a limit; the same ones for the same seed. */
function dice(seed: number): (limit: number) => number {
  const generator = xoroshiro128plus(seed);
  return (limit) => uniformInt(generator, 0, limit - 1);
}

/** Ways in which a record breaks its schema, and how much of its amount cannot be told then. */
const DAMAGES: readonly { apply: (order: Order) => void; untold: (cents: Cents) => number }[] = [
  { apply: (order) => delete order.total_price, untold: () => 0 },
  { apply: (order) => (order.line_items[0]!.quantity = String(order.line_items[0]!.quantity)), untold: () => 0 },
  { apply: (order) => (order.line_items[0]!.price = 'on request'), untold: ({ first }) => first },
];

function timeOf(date: string, second: number): string {
  const [hour, minute, rest] = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  return `${date}T${[hour, minute, rest].map((part) => String(part).padStart(2, '0')).join(':')}-05:00`;
}

function makeOrder(id: number, date: string, roll: (limit: number) => number): { order: Order; cents: Cents } {
  const cents: Cents = { gross: 0, first: 0, discount: 0, refund: 0 };
  const second = roll(86_400);
  const items = Array.from({ length: roll(4) === 0 ? 2 : 1 }, (): Item => {
    const [price, quantity, discount] = [500 + roll(25_000), 1 + roll(3), roll(4) === 0 ? roll(500) : 0];
    cents.gross += price * quantity;
    cents.first ||= price * quantity;
    cents.discount += discount;
    return { title: `Article ${roll(5_000)}`, price: money(price), quantity, discount: money(discount) };
  });
  const net = cents.gross - cents.discount;
  const order: Order = {
    id,
    name: `#${id}`,
    processed_at: timeOf(date, second),
    currency: 'USD',
    subtotal_price: money(net),
    total_price: money(net),
    test: roll(1000) < PER_MILLE.tests,
    gateway: 'card',
    tags: 'online, first season',
    customer: { id: roll(200_000), email: `buyer-${roll(200_000)}@shop.example` },
    landing_site: VISITS[roll(VISITS.length)],
    line_items: items,
  };
  if (roll(1000) < PER_MILLE.refunded) {
    cents.refund = 1 + roll(net);
    order.refunds = [{ created_at: timeOf(date, second + roll(86_400 - second)), amount: money(cents.refund) }];
  }
  return { order, cents };
}

function countIn(expected: Expected, order: Order, cents: Cents): void {
  if (order.test) return;
  expected.orders += 1;
  expected.grossCents += cents.gross;
  expected.discountCents += cents.discount;
  expected.reversalCents += cents.refund;
}

/** A broken record holds back what can be told of it; a test order nothing. */
function countBad(expected: Expected, order: Order, cents: Cents, untold: number): void {
  expected.quarantined += 1;
  if (!order.test) expected.suspenseCents += cents.gross - untold - cents.discount - cents.refund;
}

/** The lines of one business day in New York, and what they come to, added up as they are made. */
function* orderLines(rows: number, date: string, seed: number, expected: Expected): Generator<string> {
  const roll = dice(seed);
  let lastGood: string | null = null;
  for (let row = 0; row < rows; row += 1) {
    const fate = roll(1000);
    if (lastGood !== null && fate < PER_MILLE.copies) {
      expected.duplicates += 1;
      yield lastGood;
      continue;
    }
    const { order, cents } = makeOrder(seed * 10_000_000 + row, date, roll);
    if (fate >= 1000 - PER_MILLE.bad) {
      const { apply, untold } = DAMAGES[roll(DAMAGES.length)]!;
      apply(order);
      countBad(expected, order, cents, untold(cents));
      yield JSON.stringify(order);
      continue;
    }
    countIn(expected, order, cents);
    lastGood = JSON.stringify(order);
    yield lastGood;
  }
}

/**
 * Writes `rows` orders of a day as NDJSON, about 450 bytes each: 4 % with a refund, 0.5 % that break the schema, 0.5 %
 * exact copies of an earlier line. `seed` decides everything, also the order numbers, so that days do not overlap.
 */
export async function writeOrders(path: string, rows: number, date: string, seed: number): Promise<OrdersFile> {
  const expected: Expected = {
    ...{ rows, quarantined: 0, duplicates: 0, suspenseCents: 0 },
    ...{ orders: 0, grossCents: 0, discountCents: 0, reversalCents: 0 },
  };
  const file = createWriteStream(path);
  let chunk: string[] = [];
  const flush = async () => {
    if (chunk.length > 0 && !file.write(`${chunk.join('\n')}\n`)) await once(file, 'drain');
    chunk = [];
  };
  for (const line of orderLines(rows, date, seed, expected)) {
    chunk.push(line);
    if (chunk.length === CHUNK_ROWS) await flush();
  }
  await flush();
  file.end();
  await finished(file);
  return { path, bytes: file.bytesWritten, expected };
}
