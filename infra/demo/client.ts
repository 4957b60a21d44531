import type { Product, Shop } from './shop.ts';

/** One client of the demo: its name, its stores, and what its systems export. Its document is `models/<id>.yaml`. */
export type DemoClient = {
  id: string;
  name: string;
  /** Two NDJSON files a day (orders, refunds), or a CSV journal of lines. */
  export: 'web_shop' | 'journal';
  /** Further files: every movement of the processor, or what advertisements cost. */
  extras: readonly ('movements' | 'ads')[];
  /** A page of the orders never arrives on the last night. */
  losesPage?: true;
  shops: readonly Shop[];
};

/** Most web shops sell one to four articles to people who buy more in the evening and at the end of the week. */
const USUAL = {
  week: [960, 930, 940, 980, 1060, 1090, 1040],
  promotionFrom: null,
  linesAnOrder: [52, 28, 14, 6],
  units: { least: 1, most: 2, step: 1 },
  discount: { percent: 10, ordersIn100: 12, code: 'WELCOME10' },
  returnsIn100: 7,
} as const;

type Own = Pick<Shop, 'id' | 'timezone' | 'currency' | 'usualOrders' | 'catalog' | 'taxPermyriad'>;

/** A shop, from what is its own and what is usual. Shipping costs are in micros. */
export function shop(own: Own & Partial<Shop> & Pick<Shop, 'shippingMicros' | 'freeShippingFromMicros'>): Shop {
  return { ...USUAL, orderPrefix: 100_000_000, ...own };
}

/** A catalog from lines such as `AO-101 · Oak serving board · 38.00`. */
export function catalog(text: string): Product[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [sku = '', title = '', price = ''] = line.split('·').map((part) => part.trim());
      return { sku, title, priceMicros: units(price) };
    });
}

/** Micros of a price with at most three decimals. */
export function units(price: string): bigint {
  const [whole = '', fraction = ''] = price.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
