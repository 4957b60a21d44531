/** A product; its price is net of tax, in micros, and may have three decimals where it is sold by the ten. */
export type Product = { sku: string; title: string; priceMicros: bigint };

/** How one store trades: what decides its orders, discounts, shipping, tax and returns. */
export type Shop = {
  id: string;
  timezone: string;
  currency: string;
  /** Keeps order numbers of two stores of a client apart. */
  orderPrefix: number;
  /** Orders of an average day, before weekday, growth and promotion. */
  usualOrders: number;
  /** Permille of the average by weekday, Monday first. */
  week: readonly number[];
  /** Day of its fortnight on which a promotion of three days begins; null where it never has one. */
  promotionFrom: number | null;
  catalog: readonly Product[];
  /** Weights of 1, 2, 3 … lines an order. */
  linesAnOrder: readonly number[];
  /** Fewest and most units of a line, in steps. */
  units: { least: number; most: number; step: number };
  /** Discount of an order that has one, in percent, and of how many orders in a hundred. */
  discount: { percent: number; ordersIn100: number; code: string };
  shippingMicros: bigint;
  freeShippingFromMicros: bigint;
  /** Tax on goods and shipping in hundredths of a percent; 1900 is 19 %. */
  taxPermyriad: bigint;
  /** Orders in a hundred of which something comes back. */
  returnsIn100: number;
};

export type SaleLine = {
  sku: string;
  title: string;
  unitMicros: bigint;
  quantity: number;
  discountMicros: bigint;
  taxMicros: bigint;
};

/** What will come back of a sale: its first lines, days later (0 is the same day). */
export type ReturnPlan = { afterDays: number; second: number; lines: number; withShipping: boolean; reason: string };

/** One order as it was placed. What the shop exports of it and what the payment ledger bills are made apart from it. */
export type Sale = {
  id: number;
  date: string;
  atMs: number;
  customer: number | null;
  test: boolean;
  landing: string;
  discountCode: string | null;
  lines: readonly SaleLine[];
  shippingMicros: bigint;
  shippingTaxMicros: bigint;
  plan: ReturnPlan | null;
};

/** Goods that came back, with what is paid back for them. */
export type Return = {
  id: number;
  sale: Sale;
  atMs: number;
  lines: readonly SaleLine[];
  shippingMicros: bigint;
  shippingTaxMicros: bigint;
  reason: string;
};

/** What happened in one store on one of its business days. */
export type Trade = { shop: Shop; date: string; sales: readonly Sale[]; returns: readonly Return[] };
