import { catalog, type DemoClient, shop, units } from '../client.ts';

const berlin = catalog(`
  NL-PEN-01 · Pendant Halo, brass · 201.68
  NL-PEN-02 · Pendant Halo, black · 201.68
  NL-TBL-10 · Table lamp Sten · 134.45
  NL-TBL-11 · Table lamp Sten, small · 100.84
  NL-FLR-20 · Floor lamp Linje · 285.71
  NL-WAL-30 · Wall lamp Måne · 117.65
  NL-BLB-40 · Bulb 2700 K, set of 3 · 25.21
  NL-DIM-50 · Dimmer, cable · 41.18`);

const edinburgh = catalog(`
  NL-PEN-01 · Pendant Halo, brass · 170.83
  NL-PEN-02 · Pendant Halo, black · 170.83
  NL-TBL-10 · Table lamp Sten · 115.83
  NL-FLR-20 · Floor lamp Linje · 245.83
  NL-WAL-30 · Wall lamp Måne · 99.17
  NL-BLB-40 · Bulb 2700 K, set of 3 · 21.67`);

export const nordlysStudio: DemoClient = {
  id: 'nordlys-studio',
  name: 'Nordlys Studio',
  export: 'web_shop',
  extras: [],
  shops: [
    shop({
      id: 'berlin',
      timezone: 'Europe/Berlin',
      currency: 'EUR',
      usualOrders: 62,
      taxPermyriad: 1900n,
      shippingMicros: units('5.04'),
      freeShippingFromMicros: units('150'),
      catalog: berlin,
    }),
    shop({
      id: 'edinburgh',
      timezone: 'Europe/London',
      currency: 'GBP',
      orderPrefix: 300_000_000,
      usualOrders: 48,
      taxPermyriad: 2000n,
      shippingMicros: units('5.79'),
      freeShippingFromMicros: units('150'),
      catalog: edinburgh,
    }),
  ],
};
