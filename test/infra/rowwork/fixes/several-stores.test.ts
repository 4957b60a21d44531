import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { fixName, type SuggestedFix, suggestedFixes } from '../../../../infra/postgres/remediation/suggested-fixes.ts';
import { type CloseBench, startCloseBench } from '../../../support/close-day.ts';
import {
  type JournalLine,
  type JournalShop,
  journalOf,
  journalSource,
  journalText,
  netOf,
  openJournalShop,
} from '../../../support/journal-shop.ts';
import { fileControl } from '../../../support/small-shop.ts';

const DATE = '2026-03-10';
const STORES = { east: 'America/New_York', west: 'America/Los_Angeles' } as const;
type StoreId = keyof typeof STORES;
const IDS: readonly StoreId[] = ['east', 'west'];

let bench: CloseBench;
let shop: JournalShop;
let clientId = '';
beforeAll(async () => {
  bench = await startCloseBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  shop = await openJournalShop();
  clientId = `stores-${randomUUID().slice(0, 8)}`;
  await bench.apply(
    shop.model(clientId, {
      stores: IDS.map((id) => ({ id, name: id, timezone: STORES[id] })),
      sources: IDS.map((id) => ({
        ...journalSource({ occurredAt: { field: 'at', zone: 'store' } }),
        id,
        store: id,
        options: { location: `${id}-{date}.csv`, format: 'csv' },
      })),
      checks: [],
      controls: IDS.map((id) => fileControl('net_sales', { store: id, required: true }, {}, `${id}-total`)),
    }),
  );
});
afterEach(() => shop.remove());

const lines = { east: journalOf(DATE, 30), west: journalOf(DATE, 40) };
const write = (id: StoreId, written: readonly JournalLine[]) => shop.write(`${id}-${DATE}.csv`, journalText(written));
const close = () => bench.close({ clientId, businessDate: DATE });

/** The net sales of a store that are published, '' being the client. */
async function published(): Promise<Record<string, string>> {
  const { rows } = await sql<{ store: string; value: bigint }>`
    select distinct on (store_id) store_id as store, value_micros as value from published_number
    where client_id = ${clientId} and metric = 'net_sales' and dimension = ''
    order by store_id, version desc`.execute(bench.db);
  return Object.fromEntries(rows.map((one) => [one.store, (Number(one.value) / 1e6).toFixed(2)]));
}

async function suggested(): Promise<{ id: string; version: number; fixes: SuggestedFix[] }> {
  const { rows } = await sql<{ exception_id: string; version: number; store_id: string }>`
    select exception_id, version, store_id from exception where client_id = ${clientId}`.execute(bench.db);
  expect(rows.map((one) => one.store_id)).toEqual(['west']);
  const { exception_id: id, version } = rows[0]!;
  await bench.run(() => bench.activities.suggestFixes(id));
  return { id, version, fixes: await suggestedFixes(bench.db, id) };
}

describe('a fault of one store', () => {
  beforeEach(async () => {
    for (const id of IDS) await shop.totals([`${DATE},${netOf(lines[id])},`], `${id}-total`);
    await write('east', lines.east);
    const wrong = lines.west.map((one) => ({ ...one, at: shifted(one.at) }));
    await write('west', wrong);
    expect((await close()).status).toBe('waiting');
  });

  test('withholds that store and the client, and leaves the other one alone', async () => {
    expect(await published()).toEqual({ east: netOf(lines.east) });
  });

  test('is mended by a fix of that store, whose preview shows its numbers, and then the client follows', async () => {
    const { id, version, fixes } = await suggested();
    const [best] = fixes;
    expect(best!.fix).toMatchObject({
      kind: 'move_business_day',
      title: 'Read the times of west of this day in UTC instead of America/Los_Angeles',
    });
    const net = best!.preview.metrics.find((one) => one.metric === 'net_sales');
    expect(net?.after).toBe(netOf(lines.west));
    expect(best!.preview.metrics.filter((one) => one.metric.includes('/'))).toEqual([]);
    expect(fixes.filter(({ fix }) => 'source' in fix.change && fix.change.source === 'east')).toEqual([]);
    const decision = { decisionId: randomUUID(), verb: 'apply_fix', reason: 'looked', actor: 'ada' } as const;
    const args = { fix: fixName(best!.ordinal) };
    const input = { ...decision, args, exceptionId: id, expectedVersion: version, onBehalfOf: null };
    expect(await bench.run(() => bench.activities.recordDecision({ ...input, via: 'api' }))).toMatchObject({
      accepted: true,
    });
    expect((await close()).status).toBe('published');
    const [east, west] = [netOf(lines.east), netOf(lines.west)];
    expect(await published()).toEqual({ east, west, '': (Number(east) + Number(west)).toFixed(2) });
  });

  test('has previews that also show what becomes of another store', async () => {
    await write('east', lines.east.slice(0, 20));
    const { fixes } = await suggested();
    const before = netOf(lines.east);
    const after = netOf(lines.east.slice(0, 20));
    for (const { preview } of fixes.filter(({ fix }) => fix.change.by !== 'accepting'))
      expect(preview.metrics).toContainEqual({ metric: 'net_sales/east', before, after });
    expect(fixes.length).toBeGreaterThan(1);
  });
});

/** Los Angeles' time as UTC shows it: seven hours later, on a day of summer time. */
function shifted(at: string): string {
  const utc = new Date(`${at.replace(' ', 'T')}-07:00`);
  return utc.toISOString().slice(0, 19).replace('T', ' ');
}
