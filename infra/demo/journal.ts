import { amountText, netOf } from './amounts.ts';
import { csvLine } from './csv.ts';
import type { Dice } from './dice.ts';
import { type Exported, withDirt } from './dirt.ts';
import { type LocalDay, localDay } from './local-day.ts';
import type { Return, Sale, SaleLine, Trade } from './shop.ts';

const COLUMNS = [
  ...['document_no', 'line', 'type', 'order_no', 'placed_at', 'customer_no', 'sku', 'description'],
  ...['quantity', 'unit_price', 'discount', 'tax', 'amount', 'landing_page', 'test'],
];
type Row = Record<string, string>;
type Document = { number: string; of: Sale; atMs: number };
type Money = (micros: bigint) => string;

function head({ number, of, atMs }: Document, day: LocalDay): Row {
  return {
    document_no: number,
    order_no: `SO${of.id}`,
    placed_at: day.onTheClock(atMs),
    customer_no: of.customer === null ? '' : `K${of.customer}`,
    landing_page: of.landing,
    test: of.test ? 'yes' : '',
  };
}

const goods = (line: SaleLine, type: string, money: Money): Row => ({
  type,
  sku: line.sku,
  description: line.title,
  quantity: String(line.quantity),
  unit_price: money(line.unitMicros),
  discount: money(line.discountMicros),
  tax: money(line.taxMicros),
  amount: money(netOf(line)),
});

function shipping(of: Sale | Return, type: string, money: Money): Row[] {
  if (of.shippingMicros === 0n) return [];
  const price = money(of.shippingMicros);
  const nothing = money(0n);
  return [
    {
      type,
      description: 'Freight',
      quantity: '1',
      unit_price: price,
      discount: nothing,
      tax: money(of.shippingTaxMicros),
      amount: price,
    },
  ];
}

function lines(document: Document, of: Sale | Return, types: [string, string], trade: Trade, day: LocalDay): string {
  const money: Money = (micros) => amountText(micros, trade.shop.currency);
  const shared = head(document, day);
  const rows = [...of.lines.map((line) => goods(line, types[0], money)), ...shipping(of, types[1], money)];
  return rows.map((row, index) => csvLine(COLUMNS, { ...shared, ...row, line: String(index + 1) })).join('\n');
}

/** A quote that nobody accepted: the first line of a document without a time, under a number of its own. */
function quote(before: Exported): Exported {
  const [first = ''] = before.text.split('\n');
  const cells = first.split(',');
  const [number = '', line = '', type = '', order = ''] = cells;
  if (number.startsWith('Q')) return { saleId: null, text: first };
  return { saleId: null, text: [`Q${number}`, line, type, order, '', ...cells.slice(5)].join(',') };
}

function documents(trade: Trade): (Exported & { atMs: number })[] {
  const day = localDay(trade.date, trade.shop.timezone);
  const sold = trade.sales.map((sale) => ({
    saleId: sale.id,
    atMs: sale.atMs,
    text: lines({ number: `IN${sale.id}`, of: sale, atMs: sale.atMs }, sale, ['sale', 'shipping'], trade, day),
  }));
  const returned = trade.returns.map((back) => ({
    saleId: null,
    atMs: back.atMs,
    text: lines(
      { number: `CR${back.id}`, of: back.sale, atMs: back.atMs },
      back,
      ['return', 'return_shipping'],
      trade,
      day,
    ),
  }));
  return [...sold, ...returned].sort((a, b) => a.atMs - b.atMs);
}

/** Everything sold, shipped and taken back on a day: a CSV with a line each, and the dirt that exports have. */
export function journalCsv(trade: Trade, dice: Dice): string {
  const records = withDirt(documents(trade), dice, quote);
  return `${[COLUMNS.join(','), ...records.map((one) => one.text)].join('\n')}\n`;
}
