import { adsCsv } from './ads.ts';
import type { DemoClient } from './client.ts';
import { openDice } from './dice.ts';
import { journalCsv } from './journal.ts';
import { lostSales, withoutSales } from './lost-page.ts';
import { movementsCsv, processorCsv } from './movements.ts';
import type { Trade } from './shop.ts';
import { exportOrders, refundLines } from './web-shop.ts';

/** A file of the demo; its path is relative to the demo's folder. */
export type DemoFile = { path: string; text: string };
export type DemoDay = {
  seed: number;
  client: DemoClient;
  date: string;
  isLastNight: boolean;
  trades: readonly Trade[];
};

const linesOf = (records: readonly { text: string }[]): string => records.map((one) => `${one.text}\n`).join('');

/** Where the whole file lies that should have come on the night on which a page is lost. */
export const redeliveryPath = (clientId: string, date: string): string =>
  `data/${clientId}/redelivery/orders-${date}.ndjson`;

function webShopFiles({ seed, client, date, isLastNight }: DemoDay, trade: Trade, folder: string): DemoFile[] {
  const all = exportOrders(trade, openDice(seed, client.id, trade.shop.id, date, 'orders'));
  const refunds = { path: `${folder}/refunds-${date}.ndjson`, text: refundLines(trade) };
  const orders = (records: typeof all) => ({ path: `${folder}/orders-${date}.ndjson`, text: linesOf(records) });
  if (!client.losesPage || !isLastNight) return [orders(all), refunds];
  const whole = { path: redeliveryPath(client.id, date), text: linesOf(all) };
  return [orders(withoutSales(all, lostSales(trade.sales))), refunds, whole];
}

function tradeFiles(day: DemoDay, trade: Trade): DemoFile[] {
  const { seed, client, date } = day;
  const folder = client.shops.length > 1 ? `data/${client.id}/${trade.shop.id}` : `data/${client.id}`;
  if (client.export === 'web_shop') return webShopFiles(day, trade, folder);
  const dice = openDice(seed, client.id, trade.shop.id, date, 'journal');
  return [{ path: `${folder}/journal-${date}.csv`, text: journalCsv(trade, dice) }];
}

function extraFiles({ seed, client, date, trades: [trade] }: DemoDay): DemoFile[] {
  return client.extras.map((extra) => {
    const path = `data/${client.id}/${extra}-${date}.csv`;
    if (extra === 'movements') return { path, text: movementsCsv(trade!) };
    return { path, text: adsCsv(trade!, openDice(seed, client.id, date, 'ads')) };
  });
}

/** All files that a client's systems deliver for one business day. */
export function dayFiles(day: DemoDay): DemoFile[] {
  const processor = { path: `data/${day.client.id}/processor-${day.date}.csv`, text: processorCsv(day.trades) };
  return [...day.trades.flatMap((trade) => tradeFiles(day, trade)), ...extraFiles(day), processor];
}
