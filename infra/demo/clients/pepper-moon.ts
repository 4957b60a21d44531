import { catalog, type DemoClient, shop, units } from '../client.ts';

export const pepperMoon: DemoClient = {
  id: 'pepper-moon',
  name: 'Pepper Moon',
  export: 'web_shop',
  extras: [],
  losesPage: true,
  shops: [
    shop({
      id: 'pepper-moon',
      timezone: 'America/Los_Angeles',
      currency: 'USD',
      usualOrders: 210,
      promotionFrom: 1,
      taxPermyriad: 950n,
      shippingMicros: units('5.95'),
      freeShippingFromMicros: units('50'),
      catalog: catalog(`
        PM-SER-30 · Night serum 30 ml · 42.00
        PM-CLN-150 · Oat cleanser 150 ml · 24.00
        PM-BLM-15 · Lip balm, pepper rose · 12.00
        PM-MSK-75 · Clay mask 75 ml · 28.00
        PM-SPF-50 · Daily screen SPF 50 · 32.00
        PM-OIL-50 · Body oil, moonflower · 36.00
        PM-TNT-01 · Cheek tint, fig · 22.00
        PM-TNT-02 · Cheek tint, coral · 22.00
        PM-SET-03 · Travel set · 49.00`),
    }),
  ],
};
