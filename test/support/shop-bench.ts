import { type CloseBench, startCloseBench } from './close-day.ts';
import { openSmallShop, type SmallShop } from './small-shop.ts';

export type ShopBench = { bench: CloseBench; shop: SmallShop; clientId: string };

/**
 * One bench for a test file, and for each of its tests a shop and a client of its own. Hooks that come after this one
 * find them open.
 */
export function onShopBench(opened: (own: ShopBench) => void): void {
  let bench: CloseBench;
  let shop: SmallShop;
  let clients = 0;
  beforeAll(async () => {
    bench = await startCloseBench();
  });
  afterAll(() => bench.stop());
  beforeEach(async () => {
    shop = await openSmallShop();
    clients += 1;
    opened({ bench, shop, clientId: `shop-${clients}` });
  });
  afterEach(() => shop.remove());
}
