import { catalog, type DemoClient, shop, units } from '../client.ts';

export const kiteAndCove: DemoClient = {
  id: 'kite-and-cove',
  name: 'Kite & Cove',
  export: 'journal',
  extras: [],
  shops: [
    shop({
      id: 'kite-and-cove',
      timezone: 'Australia/Sydney',
      currency: 'AUD',
      usualOrders: 75,
      promotionFrom: 11,
      taxPermyriad: 1000n,
      returnsIn100: 9,
      shippingMicros: units('8.64'),
      freeShippingFromMicros: units('120'),
      catalog: catalog(`
        KC-BOD-00 · Bodysuit, gum leaf · 31.82
        KC-BOD-01 · Bodysuit, tide stripe · 31.82
        KC-OVR-02 · Corduroy overall · 62.73
        KC-TEE-03 · Tee, kite print · 25.45
        KC-HAT-04 · Bucket hat · 22.73
        KC-SWM-05 · Swim set, long sleeve · 54.55
        KC-PJ-06 · Pyjamas, night sky · 44.55
        KC-BLK-07 · Muslin blanket · 40.91`),
    }),
  ],
};
