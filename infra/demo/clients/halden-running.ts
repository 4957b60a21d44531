import { catalog, type DemoClient, shop, units } from '../client.ts';

export const haldenRunning: DemoClient = {
  id: 'halden-running',
  name: 'Halden Running',
  export: 'journal',
  extras: ['ads'],
  shops: [
    shop({
      id: 'halden-running',
      timezone: 'Europe/Oslo',
      currency: 'NOK',
      usualOrders: 95,
      taxPermyriad: 2500n,
      returnsIn100: 12,
      shippingMicros: units('63.20'),
      freeShippingFromMicros: units('800'),
      catalog: catalog(`
        HR-S01 · Trail shoe Fjell, women · 1279.20
        HR-S02 · Trail shoe Fjell, men · 1279.20
        HR-S03 · Road shoe Bris · 1119.20
        HR-T10 · Merino tee, short sleeve · 479.20
        HR-T11 · Merino tee, long sleeve · 559.20
        HR-J20 · Wind jacket Skjær · 1039.20
        HR-V30 · Running vest 8 l · 879.20
        HR-C40 · Wool socks, two pairs · 199.20
        HR-H50 · Head torch 400 lm · 639.20`),
    }),
  ],
};
