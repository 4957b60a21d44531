import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dayBounds } from '../../../domain/business-day.ts';
import { exceedsShare } from '../../../domain/checks/source-checks.ts';
import { withinTolerance } from '../../../domain/tolerance.ts';
import { billedOf, sumOf } from '../../../infra/demo/amounts.ts';
import { DEMO_CLIENTS } from '../../../infra/demo/clients.ts';
import { addDays } from '../../../infra/demo/local-day.ts';
import { lostSales } from '../../../infra/demo/lost-page.ts';
import { openShop } from '../../../infra/demo/trade.ts';
import { lastNightOver, type WrittenClient, writeDemo } from '../../../infra/demo/write-demo.ts';
import { checkOperatingModel } from '../../../infra/operating-model/check.ts';
import { readFileSet } from '../../../infra/operating-model/read.ts';
import { readTotals } from '../../../infra/sources/totals/read-totals.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { closeStore, readSourceDay } from './close-by-hand.ts';

const LAST_NIGHT = '2026-11-04';
const NIGHTS = 5;
const SEED = 7;
/** Both ends of the range: Europe and the Americas leave summer time on 2026-10-25 and 2026-11-01. */
const AUTUMN = { lastNight: LAST_NIGHT, nights: NIGHTS, seed: SEED };

let folder: string;
let clients: WrittenClient[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meshline-demo-'));
  clients = (await writeDemo({ folder, ...AUTUMN })).clients;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const models = new Map<string, OperatingModel>();

async function modelOf(client: WrittenClient): Promise<OperatingModel> {
  const known = models.get(client.clientId) ?? (await readModel(client));
  models.set(client.clientId, known);
  return known;
}

async function readModel(client: WrittenClient): Promise<OperatingModel> {
  const { files, base } = await readFileSet(client.file);
  const checked = checkOperatingModel(files, base, { date: LAST_NIGHT });
  if (!checked.ok) throw new Error(`${client.clientId}: ${JSON.stringify(checked.problems, null, 1)}`);
  return checked.model;
}

const datesOf = (client: WrittenClient) =>
  Array.from({ length: NIGHTS }, (_, index) => addDays(client.firstDay, index));

type Compared = {
  client: string;
  control: string;
  store: string;
  date: string;
  differenceMicros: bigint;
  matches: boolean;
};

async function compareDay(client: WrittenClient, date: string): Promise<Compared[]> {
  const model = await modelOf(client);
  const compared: Compared[] = [];
  for (const store of model.stores) {
    const ours = await closeStore(model, store.id, date);
    for (const control of model.controls) {
      if (control.connector !== 'file') continue;
      const found = await readTotals(control, date, ['/']);
      const total = found?.totals.find((one) => one.store === null || one.store === store.id);
      const theirs = total!.valueMicros;
      const differenceMicros = ours.get(control.metric)! - theirs;
      const matches = withinTolerance(differenceMicros, theirs, control.tolerance);
      compared.push({ client: client.clientId, control: control.id, store: store.id, date, differenceMicros, matches });
    }
  }
  return compared;
}

async function filesBelow(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string) =>
    [
      path.slice(root.length),
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ] as const;
  return new Map(await Promise.all(paths.sort().map(read)));
}

describe('the documents of the demo', () => {
  test('are accepted as they stand, under the name of the client', async () => {
    expect(clients).toHaveLength(8);
    for (const client of clients) {
      const model = await modelOf(client);
      expect([model.client.id, model.client.name]).toEqual([client.clientId, client.name]);
      expect(model.controls.length).toBeGreaterThan(0);
      expect(model.sources.map((source) => source.contract.rerun)).toContainEqual({ attempts: 1, delay: '20s' });
    }
  });

  test('agree with the trade on stores, zones and currencies', async () => {
    for (const client of clients) {
      const { stores } = await modelOf(client);
      const { shops } = DEMO_CLIENTS.find((one) => one.id === client.clientId)!;
      const kept = ({ id, timezone, currency }: (typeof stores)[number] | (typeof shops)[number]) => ({
        id,
        timezone,
        currency,
      });
      expect(stores.map(kept)).toEqual(shops.map(kept));
    }
  });

  test('send the report inside, to a client for review, and to a client at once', async () => {
    const all = await Promise.all(clients.map(modelOf));
    const modes = all.flatMap((model) =>
      model.report.destinations.map((one) => (one.kind === 'email' ? `${one.mode} ${one.release}` : one.kind)),
    );
    expect(new Set(modes)).toEqual(new Set(['internal automatic', 'shadow after_review', 'live automatic']));
  });
});

describe('the nights of the demo', () => {
  test('reconcile to the last digit with the payment ledger, but for the night that lost a page', async () => {
    const days = clients.flatMap((client) => datesOf(client).map((date) => ({ client, date })));
    const open: Compared[] = [];
    for (const { client, date } of days)
      open.push(...(await compareDay(client, date)).filter((one) => one.differenceMicros !== 0n || !one.matches));
    expect(open.map(({ client, date, control }) => ({ client, date, control }))).toEqual([
      { client: 'pepper-moon', date: LAST_NIGHT, control: 'processor-daily' },
    ]);
  });

  test('lose 15 % of the orders of one client on the last night, and exactly what these billed', async () => {
    const client = clients.find((one) => one.clientId === 'pepper-moon')!;
    const { shops } = DEMO_CLIENTS.find((one) => one.id === client.clientId)!;
    const { sales } = openShop(SEED, client.clientId, shops[0]!)(LAST_NIGHT);
    const lost = lostSales(sales);
    expect(lost.length).toBe(Math.round(sales.length * 0.15));
    const billed = sumOf(
      lost.filter((sale) => !sale.test),
      billedOf,
    );
    const [control] = await compareDay(client, LAST_NIGHT);
    expect(control!.differenceMicros).toBe(-billed);
  });

  test('have the lost page in the file that is delivered again', async () => {
    const client = clients.find((one) => one.redelivery)!;
    const delivered = await readFile(join(folder, 'data/pepper-moon', `orders-${LAST_NIGHT}.ndjson`), 'utf8');
    const again = await readFile(client.redelivery!, 'utf8');
    const known = new Set(again.split('\n'));
    expect(delivered.split('\n').every((line) => known.has(line))).toBe(true);
    expect(known.size).toBeGreaterThan(new Set(delivered.split('\n')).size);
  });

  test('withhold new and returning customers of one client, whose history begins after the last night', async () => {
    const all = await Promise.all(clients.map(modelOf));
    const told = all.filter((model) => model.report.metrics.includes('new_customers'));
    expect(told.map((model) => model.client.id)).toEqual(['kite-and-cove']);
    expect(told[0]!.client.customerHistoryFrom! > LAST_NIGHT).toBe(true);
  });

  test('have test orders, copies and unusable records, all within the limits of the checks', async () => {
    const seen = { records: 0, duplicates: 0, quarantined: 0, skipped: 0 };
    for (const client of clients) {
      const model = await modelOf(client);
      for (const source of model.sources)
        for (const date of datesOf(client)) {
          const day = await readSourceDay(model, source, date);
          const checks = model.checks.filter((check) => 'source' in check && check.source === source.id);
          for (const check of checks) {
            if (check.kind === 'quarantine')
              expect(exceedsShare(day.quarantined, day.records, check.maximumShare!)).toBe(false);
            if (check.kind === 'duplicates')
              expect(exceedsShare(day.duplicates, day.records, check.maximumShare!)).toBe(false);
          }
          for (const key of ['records', 'duplicates', 'quarantined', 'skipped'] as const) seen[key] += day[key];
        }
    }
    expect(seen.duplicates).toBeGreaterThan(20);
    expect(seen.quarantined).toBeGreaterThan(10);
    expect(seen.skipped).toBeGreaterThan(5);
    expect(seen.records).toBeLessThan(60_000);
  });
});

describe('generating again', () => {
  test('gives the same files for the same seed and last night', async () => {
    const other = await mkdtemp(join(tmpdir(), 'meshline-demo-'));
    await writeDemo({ folder: other, ...AUTUMN });
    expect(await filesBelow(other)).toEqual(await filesBelow(folder));
    await rm(other, { recursive: true });
  });

  test('adds the next night and leaves past files, also edited ones, as they are', async () => {
    const other = await mkdtemp(join(tmpdir(), 'meshline-demo-'));
    await writeDemo({ folder: other, ...AUTUMN });
    await writeFile(join(other, 'models/sora-tea.yaml'), '# edited\n');
    const before = await filesBelow(other);
    await writeDemo({ folder: other, ...AUTUMN, lastNight: addDays(LAST_NIGHT, 1) });
    const after = await filesBelow(other);
    expect([...before].filter(([path, hash]) => after.get(path) !== hash)).toEqual([]);
    expect(after.size).toBeGreaterThan(before.size);
    await rm(other, { recursive: true });
  });

  test('gives a night the same files whichever night is the last', async () => {
    const other = await mkdtemp(join(tmpdir(), 'meshline-demo-'));
    await writeDemo({ folder: other, ...AUTUMN, lastNight: addDays(LAST_NIGHT, 2), nights: 4 });
    const [first, second] = [await filesBelow(folder), await filesBelow(other)];
    const past = [...second].filter(([path]) => path.startsWith('/data') && path.includes(addDays(LAST_NIGHT, -1)));
    expect(past.length).toBeGreaterThan(15);
    expect(past.filter(([path, hash]) => first.get(path) !== hash)).toEqual([]);
    await rm(other, { recursive: true });
  });
});

test('the last night is one that is over for every client', () => {
  const now = new Date('2026-03-10T02:00:00Z');
  const last = lastNightOver(now);
  expect(last).toBe('2026-03-08');
  for (const { shops } of DEMO_CLIENTS)
    for (const { timezone } of shops) expect(dayBounds(last, timezone).endMs).toBeLessThanOrEqual(now.getTime());
});
