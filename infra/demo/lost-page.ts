import type { Exported } from './dirt.ts';
import type { Sale } from './shop.ts';

const PAGE_PERCENT = 15;

/** The sales of the page that was never fetched: 15 % of them, one after the other, from the middle of the day. */
export function lostSales(sales: readonly Sale[]): readonly Sale[] {
  const size = Math.round((sales.length * PAGE_PERCENT) / 100);
  const from = Math.trunc(sales.length / 2);
  return sales.slice(from, from + size);
}

/** An export without the sales of a page. */
export function withoutSales(records: readonly Exported[], lost: readonly Sale[]): Exported[] {
  const ids = new Set<number | null>(lost.map((sale) => sale.id));
  return records.filter((record) => !ids.has(record.saleId));
}
