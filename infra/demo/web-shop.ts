import { amountText, billedOf, netOf, sumOf } from './amounts.ts';
import type { Dice } from './dice.ts';
import { type Exported, withDirt } from './dirt.ts';
import { localDay } from './local-day.ts';
import type { Return, Sale, Trade } from './shop.ts';

type Text = { money: (micros: bigint) => string; time: (instantMs: number) => string; currency: string };

function textOf({ shop, date }: Trade): Text {
  const day = localDay(date, shop.timezone);
  return { currency: shop.currency, money: (micros) => amountText(micros, shop.currency), time: day.withOffset };
}

function order(sale: Sale, { money, time, currency }: Text): Record<string, unknown> {
  return {
    id: sale.id,
    name: `#${sale.id % 1_000_000}`,
    processed_at: time(sale.atMs),
    currency,
    test: sale.test,
    customer: sale.customer === null ? null : { id: sale.customer },
    landing_site: sale.landing,
    discount_code: sale.discountCode,
    line_items: sale.lines.map((line) => ({
      sku: line.sku,
      title: line.title,
      price: money(line.unitMicros),
      quantity: line.quantity,
      discount: money(line.discountMicros),
      tax: money(line.taxMicros),
    })),
    shipping_lines:
      sale.shippingMicros === 0n
        ? []
        : [{ title: 'Standard', price: money(sale.shippingMicros), tax: money(sale.shippingTaxMicros) }],
    subtotal_price: money(sumOf(sale.lines, netOf)),
    total_price: money(billedOf(sale)),
  };
}

/** A basket that was left before it was paid for: it has no time of processing and is no order. */
const basket = (full: Readonly<Record<string, unknown>>) => ({
  ...full,
  id: Number(full.id) + 900_000_000,
  processed_at: null,
});

/** Either a basket, or a line that broke off when the export was interrupted, before it was written again whole. */
function unusable(dice: Dice): (before: Exported) => Exported {
  return (before) => {
    if (dice.chance(1, 2)) return { ...before, text: before.text.slice(0, dice.between(40, 160)) };
    return { saleId: null, text: JSON.stringify(basket(JSON.parse(whole(before.text)))) };
  };
}

/** A record that is itself broken off is not broken again; it stands in as an empty one. */
const whole = (text: string): string => (text.endsWith('}') ? text : '{}');

/** The orders of a day, one a line, with the dirt that exports have. */
export function exportOrders(trade: Trade, dice: Dice): Exported[] {
  const text = textOf(trade);
  const clean = trade.sales.map((sale) => ({ saleId: sale.id, text: JSON.stringify(order(sale, text)) }));
  return withDirt(clean, dice, unusable(dice));
}

function refund(back: Return, { money, time, currency }: Text): Record<string, unknown> {
  return {
    id: back.id,
    order_id: back.sale.id,
    created_at: time(back.atMs),
    currency,
    reason: back.reason,
    order_landing_site: back.sale.landing,
    refund_line_items: back.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      amount: money(netOf(line)),
      tax: money(line.taxMicros),
    })),
    refund_shipping_lines:
      back.shippingMicros === 0n ? [] : [{ amount: money(back.shippingMicros), tax: money(back.shippingTaxMicros) }],
  };
}

/** What was paid back on a day, one refund a line. */
export function refundLines(trade: Trade): string {
  const text = textOf(trade);
  return trade.returns.map((back) => `${JSON.stringify(refund(back, text))}\n`).join('');
}
