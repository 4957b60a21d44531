import { catalog, type DemoClient, shop, units } from '../client.ts';

export const marlowTrade: DemoClient = {
  id: 'marlow-trade',
  name: 'Marlow Trade Supply',
  export: 'journal',
  extras: [],
  shops: [
    shop({
      id: 'marlow-trade',
      timezone: 'America/Chicago',
      currency: 'USD',
      usualOrders: 44,
      week: [1250, 1300, 1240, 1210, 1100, 500, 400],
      linesAnOrder: [10, 14, 18, 18, 14, 10, 8, 8],
      units: { least: 4, most: 60, step: 10 },
      discount: { percent: 8, ordersIn100: 35, code: 'VOLUME8' },
      taxPermyriad: 0n,
      returnsIn100: 14,
      shippingMicros: units('185.00'),
      freeShippingFromMicros: units('9000'),
      catalog: catalog(`
        MT-GLV-N · Nitrile gloves, by the pair · 0.485
        MT-TAPE-48 · Packing tape 48 mm · 1.235
        MT-BOX-M · Carton, medium · 0.915
        MT-BOX-L · Carton, large · 1.365
        MT-WRAP · Stretch film 17 µm · 6.72
        MT-MOP · Flat mop head · 4.195
        MT-CLN-5 · Surface cleaner 5 l · 9.85
        MT-ROLL · Hand towel roll · 2.535
        MT-BAG-70 · Bin liners 70 l, roll · 1.94
        MT-PPR-A4 · Copy paper, ream · 3.275`),
    }),
  ],
};
