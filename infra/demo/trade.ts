import { addDays, localDay } from './local-day.ts';
import { salesOf } from './sales.ts';
import type { Return, Sale, Shop, Trade } from './shop.ts';

const LONGEST_RETURN_DAYS = 9;

function returnOf(shop: Shop, sale: Sale, date: string): Return {
  const plan = sale.plan!;
  const day = localDay(date, shop.timezone);
  // What is cancelled on its day is cancelled after it was placed.
  const atMs = plan.afterDays === 0 ? Math.min(sale.atMs + 1_800_000, day.endMs - 1_000) : day.at(plan.second);
  return {
    id: sale.id + 500_000_000,
    sale,
    atMs,
    lines: sale.lines.slice(0, plan.lines),
    shippingMicros: plan.withShipping ? sale.shippingMicros : 0n,
    shippingTaxMicros: plan.withShipping ? sale.shippingTaxMicros : 0n,
    reason: plan.reason,
  };
}

/** Remembers the orders of the last days, because what comes back today was sold on one of them. */
export function openShop(seed: number, clientId: string, shop: Shop): (date: string) => Trade {
  const known = new Map<string, Sale[]>();
  const salesOn = (date: string): Sale[] => {
    const sales = known.get(date) ?? salesOf(seed, clientId, shop, date);
    known.set(date, sales);
    return sales;
  };
  return (date) => {
    const returns: Return[] = [];
    for (let days = LONGEST_RETURN_DAYS; days >= 0; days -= 1)
      for (const sale of salesOn(addDays(date, -days)))
        if (sale.plan?.afterDays === days) returns.push(returnOf(shop, sale, date));
    known.delete(addDays(date, -LONGEST_RETURN_DAYS - 1));
    returns.sort((a, b) => a.atMs - b.atMs || a.id - b.id);
    return { shop, date, sales: salesOn(date), returns };
  };
}
