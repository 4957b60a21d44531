import { grossOf, netOf, shareOf, sumOf } from './amounts.ts';
import { type Dice, openDice } from './dice.ts';
import { landingSite } from './landing.ts';
import { dayNumber, type LocalDay, localDay } from './local-day.ts';
import type { ReturnPlan, Sale, SaleLine, Shop } from './shop.ts';
import { isPromotion, ordersOf } from './volume.ts';

/** Weight of each hour of the day, midnight first. */
const HOURS = [6, 4, 2, 1, 1, 3, 8, 16, 26, 36, 44, 48, 54, 50, 46, 44, 44, 48, 56, 66, 72, 64, 40, 18];
const PROMOTION = { percent: 20, ordersIn100: 60, code: 'WEEKEND20' };
const REASONS = ['does not fit', 'changed their mind', 'arrived damaged', 'not as described'];
const LONGEST_RETURN_DAYS = 9;

function lineOf(shop: Shop, dice: Dice, percent: number): SaleLine {
  const { sku, title, priceMicros } = dice.pick(shop.catalog);
  const { least, most, step } = shop.units;
  const line = { sku, title, unitMicros: priceMicros, quantity: dice.between(least, most) * step };
  const discountMicros = shareOf(grossOf(line), BigInt(percent) * 100n, shop.currency);
  const taxMicros = shareOf(grossOf(line) - discountMicros, shop.taxPermyriad, shop.currency);
  return { ...line, discountMicros, taxMicros };
}

/** One in three has bought before: a regular, or somebody whose first order was a few weeks ago. Some leave no name. */
function customerOf(dice: Dice, dayIndex: number, index: number): number | null {
  if (dice.chance(4, 100)) return null;
  if (dice.chance(25, 100)) return 100_000 + dice.between(0, 5_999);
  const [since, which] = dice.chance(10, 100) ? [dice.between(3, 30), dice.between(0, 99)] : [0, index];
  return (dayIndex - since) * 1_000 + which;
}

function planOf(shop: Shop, dice: Dice, lines: number): ReturnPlan | null {
  if (!dice.chance(shop.returnsIn100, 100)) return null;
  const afterDays = dice.chance(8, 100) ? 0 : dice.between(1, LONGEST_RETURN_DAYS);
  const second = afterDays === 0 ? 86_399 : dice.between(8 * 3600, 19 * 3600);
  const returned = dice.between(1, lines);
  const withShipping = returned === lines && dice.chance(30, 100);
  return { afterDays, second, lines: returned, withShipping, reason: dice.pick(REASONS) };
}

function saleOf(shop: Shop, dice: Dice, day: LocalDay, date: string, second: number, index: number): Sale {
  const terms = isPromotion(shop, date) ? PROMOTION : shop.discount;
  const discounted = dice.chance(terms.ordersIn100, 100);
  const count = dice.weighted(shop.linesAnOrder) + 1;
  const lines = Array.from({ length: count }, () => lineOf(shop, dice, discounted ? terms.percent : 0));
  const free = sumOf(lines, netOf) >= shop.freeShippingFromMicros;
  const shippingMicros = free ? 0n : shop.shippingMicros;
  const test = dice.chance(4, 1000);
  return {
    id: shop.orderPrefix + dayNumber(date) * 1_000 + index,
    date,
    atMs: day.at(second),
    customer: customerOf(dice, dayNumber(date), index),
    test,
    landing: landingSite(dice, lines[0]!.sku),
    discountCode: discounted ? terms.code : null,
    lines,
    shippingMicros,
    shippingTaxMicros: shareOf(shippingMicros, shop.taxPermyriad, shop.currency),
    plan: test ? null : planOf(shop, dice, count),
  };
}

/** The orders of one day of a store, in the order of their time. The same seed, client and day give the same orders. */
export function salesOf(seed: number, clientId: string, shop: Shop, date: string): Sale[] {
  const dice = openDice(seed, clientId, shop.id, date, 'sales');
  const day = localDay(date, shop.timezone);
  const seconds = Array.from({ length: ordersOf(shop, date, dice) }, () => {
    return dice.weighted(HOURS) * 3600 + dice.between(0, 3599);
  });
  return seconds.sort((a, b) => a - b).map((second, index) => saleOf(shop, dice, day, date, second, index));
}
