import { catalog, type DemoClient, shop, units } from '../client.ts';

export const fennelStreet: DemoClient = {
  id: 'fennel-street',
  name: 'Fennel Street Pantry',
  export: 'web_shop',
  extras: ['movements'],
  shops: [
    shop({
      id: 'fennel-street',
      timezone: 'America/New_York',
      currency: 'USD',
      usualOrders: 120,
      promotionFrom: 9,
      linesAnOrder: [20, 26, 24, 16, 9, 5],
      units: { least: 1, most: 3, step: 1 },
      taxPermyriad: 0n,
      returnsIn100: 3,
      shippingMicros: units('7.50'),
      freeShippingFromMicros: units('60'),
      catalog: catalog(`
        FS-OIL-1 · Olive oil, early harvest, 500 ml · 24.00
        FS-OIL-2 · Olive oil, everyday, 1 l · 21.50
        FS-SALT · Sea salt flakes · 6.75
        FS-CHILI · Chili crisp · 9.95
        FS-PASTA · Bronze-cut rigatoni · 5.80
        FS-BEANS · Heirloom beans, three bags · 19.40
        FS-TOM · Crushed tomatoes, six tins · 22.90
        FS-HONEY · Wildflower honey · 13.25
        FS-NUTS · Marcona almonds · 11.60
        FS-BOX · Sunday supper box · 68.00`),
    }),
  ],
};
