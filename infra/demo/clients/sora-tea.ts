import { catalog, type DemoClient, shop, units } from '../client.ts';

export const soraTea: DemoClient = {
  id: 'sora-tea',
  name: 'Sora Tea',
  export: 'journal',
  extras: [],
  shops: [
    shop({
      id: 'sora-tea',
      timezone: 'Asia/Tokyo',
      currency: 'JPY',
      usualOrders: 58,
      promotionFrom: 6,
      units: { least: 1, most: 4, step: 1 },
      taxPermyriad: 800n,
      returnsIn100: 4,
      shippingMicros: units('600'),
      freeShippingFromMicros: units('6000'),
      catalog: catalog(`
        ST-MAT-30 · Ceremonial matcha 30 g · 2800
        ST-MAT-100 · Matcha for the kitchen 100 g · 2150
        ST-SEN-80 · Sencha, first flush 80 g · 1620
        ST-HOJ-100 · Hojicha 100 g · 980
        ST-GEN-100 · Genmaicha 100 g · 890
        ST-WHK · Bamboo whisk · 3300
        ST-BWL · Tea bowl, Kiyomizu · 7400
        ST-GFT · Gift box of three · 5200`),
    }),
  ],
};
