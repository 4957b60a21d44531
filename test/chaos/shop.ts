import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileControl, type Order, openSmallShop, type SmallShop } from '../support/small-shop.ts';
import type { Story } from './points.ts';

export const DATE = '2026-03-02';
const ORDERS = 240;

const cents = (value: number): string => (value / 100).toFixed(2);

function orderOf(index: number): Order {
  const minute = String(index % 60).padStart(2, '0');
  return {
    id: `o-${index}`,
    at: `${DATE}T${15 + Math.trunc(index / 60)}:${minute}:00Z`,
    amount: cents(995 + ((index * 7_919) % 20_000)),
    customer: `c-${index % 90}`,
    channel: index % 3 === 0 ? 'desk' : 'web',
    ...(index % 10 === 1 && { discount: '1.25' }),
    ...(index % 16 === 2 && { refund: '4.50' }),
    ...(index % 40 === 3 && { spoiled: true }),
  };
}

const orders = Array.from({ length: ORDERS }, (_, index) => orderOf(index));
/** Some lines come twice. */
const lines = [...orders, ...orders.filter((_, index) => index % 30 === 5)];
const grossCents = orders
  .filter((order) => !order.spoiled)
  .reduce((sum, order) => sum + Math.round(Number(order.amount) * 100), 0);

/** The files of the day, and the documents of clients that read them. */
export type Shop = {
  /** Writes a client's document and returns its path. */
  document(client: string, story: Story): Promise<string>;
  remove(): Promise<void>;
};

const RERUNS: Readonly<Record<Story, number>> = { plain: 0, difference: 0, rerun: 1 };

async function writeDocument(shop: SmallShop, client: string, story: Story): Promise<string> {
  const control = story === 'plain' ? 'exact' : 'apart';
  const { base, files } = shop.document({
    client: { id: client, name: client },
    controls: [fileControl('gross_sales', {}, {}, control)],
    exceptions: {
      retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
      rerun: { attempts: RERUNS[story], delay: '1s' },
      decideWithin: '48h',
      escalateTo: 'ben',
    },
  });
  const path = join(shop.folder, `${client}.yaml`);
  await writeFile(path, files[base]!);
  return path;
}

/** A shop of some hundred orders on one day, with duplicates and records that are quarantined. */
export async function openShop(): Promise<Shop> {
  const shop = await openSmallShop();
  await shop.orders(DATE, lines);
  await shop.totals([`${DATE},${cents(grossCents)},`], 'exact');
  await shop.totals([`${DATE},${cents(grossCents + 1_234)},`], 'apart');
  return { document: (client, story) => writeDocument(shop, client, story), remove: shop.remove };
}
