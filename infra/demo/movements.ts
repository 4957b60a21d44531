import { amountText, billedOf, shareOf, sumOf } from './amounts.ts';
import { csvText } from './csv.ts';
import { localDay } from './local-day.ts';
import type { Return, Sale, Trade } from './shop.ts';

/** Money as the payment processor sees it: taken for an order, or given back (negative). It knows nothing of lines. */
export type Movement = {
  id: string;
  type: 'charge' | 'refund';
  orderId: number;
  atMs: number;
  amountMicros: bigint;
  feeMicros: bigint;
};

const FEE_PERMYRIAD = 150n;

function chargeOf(sale: Sale, currency: string): Movement {
  const amountMicros = billedOf(sale);
  const feeMicros = shareOf(amountMicros, FEE_PERMYRIAD, currency);
  return { id: `ch_${sale.id}`, type: 'charge', orderId: sale.id, atMs: sale.atMs, amountMicros, feeMicros };
}

/** Its fee is not given back with the money. */
const refundOf = (back: Return): Movement => ({
  id: `re_${back.id}`,
  type: 'refund',
  orderId: back.sale.id,
  atMs: back.atMs,
  amountMicros: -billedOf(back),
  feeMicros: 0n,
});

/**
 * The processor's ledger of one store and day, from what was traded and not from what the shop exported of it: that a
 * page of the export is lost does not show here. Test orders moved no money.
 */
export function movementsOf({ shop, sales, returns }: Trade): Movement[] {
  const charges = sales.filter((sale) => !sale.test).map((sale) => chargeOf(sale, shop.currency));
  return [...charges, ...returns.map(refundOf)].sort((a, b) => a.atMs - b.atMs || a.orderId - b.orderId);
}

/** Every movement as a CSV file, times with the offset of the store. */
export function movementsCsv(trade: Trade): string {
  const { timezone, currency } = trade.shop;
  const day = localDay(trade.date, timezone);
  const rows = movementsOf(trade).map((one) => ({
    id: one.id,
    type: one.type,
    order_id: String(one.orderId),
    created_at: day.withOffset(one.atMs),
    amount: amountText(one.amountMicros, currency),
    fee: amountText(one.feeMicros, currency),
    currency,
  }));
  return csvText(['id', 'type', 'order_id', 'created_at', 'amount', 'fee', 'currency'], rows);
}

function totalOf(trade: Trade): Record<string, string> {
  const movements = movementsOf(trade);
  const [charges, refunds] = (['charge', 'refund'] as const).map((type) =>
    movements.filter((one) => one.type === type),
  );
  const sum = (list: readonly Movement[] = []) => sumOf(list, (one) => one.amountMicros);
  const text = (micros: bigint) => amountText(micros, trade.shop.currency);
  return {
    day: trade.date,
    store: trade.shop.id,
    currency: trade.shop.currency,
    charges: String(charges?.length),
    charged: text(sum(charges)),
    refunds: String(refunds?.length),
    refunded: text(sum(refunds)),
    net: text(sum(movements)),
  };
}

/** The processor's daily report: one line a store. */
export function processorCsv(trades: readonly Trade[]): string {
  const columns = ['day', 'store', 'currency', 'charges', 'charged', 'refunds', 'refunded', 'net'];
  return csvText(columns, trades.map(totalOf));
}
