import { catalog, type DemoClient, shop, units } from '../client.ts';

export const alderAndOak: DemoClient = {
  id: 'alder-and-oak',
  name: 'Alder & Oak',
  export: 'web_shop',
  extras: [],
  shops: [
    shop({
      id: 'alder-and-oak',
      timezone: 'Europe/London',
      currency: 'GBP',
      usualOrders: 170,
      promotionFrom: 4,
      taxPermyriad: 2000n,
      shippingMicros: units('4.95'),
      freeShippingFromMicros: units('75'),
      catalog: catalog(`
        AO-101 · Oak serving board · 31.67
        AO-102 · Oak serving board, large · 45.83
        AO-110 · Linen apron, clay · 26.67
        AO-111 · Linen apron, slate · 26.67
        AO-120 · Stoneware mug, set of 2 · 23.33
        AO-121 · Stoneware bowl · 14.17
        AO-130 · Wool throw, heather · 74.17
        AO-131 · Wool throw, moss · 74.17
        AO-140 · Beeswax candle, tall · 11.67
        AO-141 · Beeswax candles, box of 6 · 32.50
        AO-150 · Ash stool · 119.17
        AO-160 · Washed linen napkins, set of 4 · 28.33`),
    }),
  ],
};
