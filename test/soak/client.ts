import { createActivities } from '../../activities/index.ts';
import { addDays } from '../../domain/business-day.ts';
import type { CloseBench } from '../support/close-day.ts';
import { openSmallShop, orderSource, type SmallShop } from '../support/small-shop.ts';
import { adsFile, order } from './campaign.ts';

const ADS = {
  id: 'ads',
  connector: 'file',
  settlingDays: 400,
  options: { location: 'ads-{date}.csv', format: 'csv' },
  contract: { sla: '4h', owner: 'ada', deputy: 'ben' },
  schema: {
    type: 'object',
    required: ['day_start', 'spend'],
    properties: { spend: { type: 'string', format: 'decimal' } },
  },
  mapping: {
    book: 'marketing',
    key: ['day_start', 'campaign'],
    occurredAt: { field: 'day_start', zone: 'client' },
    entries: [{ is: 'spend', amount: ['spend'] }],
  },
};
const METRICS = ['net_sales', 'orders', 'ad_spend', 'blended_roas'];

/** One client of the soak, and its files. */
export type SoakClient = { id: string; number: number; first: string; shop: SmallShop };

/** Opens a client whose ad figures settle for as long as they can. */
export async function openClient(bench: CloseBench, number: number, first: string): Promise<SoakClient> {
  const shop = await openSmallShop();
  const id = `soak-${number}`;
  const destinations = [
    { id: 'client', kind: 'email', to: [`client-${number}@shop.example`], mode: 'live', release: 'automatic' },
  ];
  const report = { metrics: METRICS, destinations };
  await bench.apply(shop.document({ client: { id }, sources: [orderSource(), ADS], report }));
  return { id, number, first, shop };
}

async function writeNight({ shop, number, first }: SoakClient, night: number): Promise<void> {
  const date = addDays(first, night);
  await shop.orders(date, [order(number, first, night)]);
  await shop.write(`ads-${date}.csv`, adsFile(number, first, night));
}

async function sendAll(bench: CloseBench, clientId: string): Promise<void> {
  const { sendQueued } = createActivities(bench.deps);
  const woken = bench.outboxes.filter((one) => one.clientId === clientId);
  for (const outbox of woken) while (await bench.run(() => sendQueued(outbox)));
}

/**
 * A night as the schedule runs it: its own day, then the days whose figures have moved, then the corrections. Answers
 * how many days were closed anew.
 */
export async function runNight(bench: CloseBench, client: SoakClient, night: number): Promise<number> {
  await writeNight(client, night);
  const clientId = client.id;
  await bench.close({ clientId, businessDate: addDays(client.first, night), cause: 'schedule' });
  const planned = await bench.run(() => bench.activities.planRevisions(clientId));
  for (const { businessDate, beginsAt } of planned)
    await bench.close({ clientId, businessDate, beginsAt, cause: 'late_data' });
  await bench.run(() => bench.activities.sendCorrections(clientId));
  await sendAll(bench, clientId);
  return planned.length;
}
