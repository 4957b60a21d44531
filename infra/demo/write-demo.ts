import { join, resolve } from 'node:path';
import { DateTime } from 'luxon';
import type { DemoClient } from './client.ts';
import { DEMO_CLIENTS } from './clients.ts';
import { type DemoDay, dayFiles, redeliveryPath } from './day-files.ts';
import { documentFiles } from './documents.ts';
import { addDays } from './local-day.ts';
import { openShop } from './trade.ts';
import { writeOnce } from './write-once.ts';

export type DemoOptions = {
  /** Folder of the demo; made where it is not there. */
  folder: string;
  /** The latest business day, `YYYY-MM-DD`. It must be over in the zone of every client: see `lastNightOver`. */
  lastNight: string;
  nights?: number;
  seed?: number;
};

/** `redelivery` is the whole file of the orders of which a page is missing on the last night. */
export type WrittenClient = {
  clientId: string;
  name: string;
  file: string;
  firstDay: string;
  lastDay: string;
  redelivery?: string;
};
export type WrittenDemo = { clients: WrittenClient[] };

/** The latest date that is over for every client of the demo. */
export function lastNightOver(now: Date): string {
  const zones = DEMO_CLIENTS.flatMap((client) => client.shops.map((shop) => shop.timezone));
  const today = zones.map((zone) => DateTime.fromJSDate(now, { zone }).toISODate()!).sort();
  return addDays(today[0]!, -1);
}

/** The days of a client in their order, one at a time: returns of a day come from sales of the days before. */
function* daysOf(client: DemoClient, dates: readonly string[], seed: number): Generator<DemoDay> {
  const shops = client.shops.map((shop) => openShop(seed, client.id, shop));
  for (const date of dates) {
    const trades = shops.map((tradeOn) => tradeOn(date));
    yield { seed, client, date, isLastNight: date === dates.at(-1), trades };
  }
}

/**
 * Writes the demo: an agency's file, templates, eight operating models under `models/`, and what the clients' systems
 * delivered for each night under `data/`. The same seed and last night give the same files in a fresh folder; in one that
 * has been written to before, only what is not there is added.
 */
export async function writeDemo({ folder, lastNight, nights = 14, seed = 7 }: DemoOptions): Promise<WrittenDemo> {
  const root = resolve(folder);
  const dates = Array.from({ length: nights }, (_, index) => addDays(lastNight, index - nights + 1));
  for (const file of await documentFiles(lastNight)) await writeOnce(root, file);
  for (const client of DEMO_CLIENTS)
    for (const day of daysOf(client, dates, seed)) for (const file of dayFiles(day)) await writeOnce(root, file);
  return { clients: DEMO_CLIENTS.map((client) => written(client, root, dates)) };
}

function written({ id, name, losesPage }: DemoClient, root: string, dates: readonly string[]): WrittenClient {
  const lastDay = dates.at(-1)!;
  return {
    clientId: id,
    name,
    file: join(root, 'models', `${id}.yaml`),
    firstDay: dates[0]!,
    lastDay,
    ...(losesPage ? { redelivery: join(root, redeliveryPath(id, lastDay)) } : {}),
  };
}
