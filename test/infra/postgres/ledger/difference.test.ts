import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { openPipeline, type Pipeline } from '../../../support/pipeline.ts';
import { DATE, openLedger, order, type SmallLedger } from '../../../support/small-ledger.ts';

const NEXT = '2026-03-03';
const LATER = '2026-03-05';
const CHANNELS = resolve('../shared/data/channel-cases.json');

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

async function datesTouched(ledger: SmallLedger, afterEntry: bigint): Promise<string[]> {
  const { rows } = await sql<{ business_date: string }>`
    select distinct business_date from ledger_entry
    where client_id = ${ledger.client} and entry_id > ${afterEntry} order by 1`.execute(pipeline.database.db);
  return rows.map((row) => row.business_date);
}

async function lastEntry(ledger: SmallLedger): Promise<bigint> {
  const { rows } = await sql<{ last: bigint }>`
    select max(entry_id) as last from ledger_entry where client_id = ${ledger.client}`.execute(pipeline.database.db);
  return rows[0]!.last;
}

async function amounts(ledger: SmallLedger): Promise<Record<string, string>> {
  const { rows } = await sql<{ kind: string; sum: bigint }>`
    select kind, sum(amount_micros)::bigint as sum from ledger_entry where client_id = ${ledger.client}
    group by kind order by kind`.execute(pipeline.database.db);
  return Object.fromEntries(rows.map(({ kind, sum }) => [kind, String(sum / 10_000n)]));
}

describe('versions of a record', () => {
  const old = order('A', '10.00', { revision: 3 });
  const young = order('A', '12.00', { revision: 20 });

  test.each([
    ['the older first', [old], [young]],
    ['the younger first', [young], [old]],
  ])('in two days’ files, %s: the higher version stands', async (_name, first, then) => {
    const ledger = await openLedger(pipeline, { versionField: 'revision' });
    await ledger.deliver(first);
    await ledger.run();
    await ledger.deliver(then, NEXT);
    await ledger.run(NEXT);
    expect(await amounts(ledger)).toMatchObject({ gross_sales: '1200' });
    expect((await ledger.content()).standing).toHaveLength(1);
  });

  test('captured both, and then normalized in the other order, are one record', async () => {
    const ledger = await openLedger(pipeline, { versionField: 'revision' });
    await ledger.deliver([young]);
    await ledger.capture();
    await ledger.deliver([old], NEXT);
    await ledger.capture(NEXT);
    await pipeline.normalize(ledger.client, NEXT);
    await pipeline.normalize(ledger.client, DATE);
    expect(await amounts(ledger)).toEqual({ gross_sales: '1200' });
    expect((await ledger.content()).standing).toHaveLength(1);
  });

  test('without a field that orders them: the later file wins, and equal ones are duplicates', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([old]);
    await ledger.run();
    await ledger.deliver([old], NEXT);
    await ledger.run(NEXT);
    expect(await amounts(ledger)).toEqual({ gross_sales: '1000' });
    expect((await ledger.content()).duplicates).toBe(1);
    await ledger.deliver([young], LATER);
    await ledger.run(LATER);
    expect(await amounts(ledger)).toEqual({ gross_sales: '1200' });
  });
});

describe('a refund that is appended to an old order', () => {
  test('touches the day of the refund alone', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([order('A', '10.00'), order('B', '5.00')]);
    await ledger.run();
    const before = await lastEntry(ledger);
    await ledger.deliver([order('A', '10.00', { refunds: [{ at: `${LATER}T15:00:00Z`, amount: '4.00' }] })], LATER);
    const { normalized } = await ledger.run(LATER);
    expect(normalized).toMatchObject({ posted: 1, reversed: 0 });
    expect(await datesTouched(ledger, before)).toEqual([LATER]);
    expect(await amounts(ledger)).toEqual({ gross_sales: '1500', sales_reversal: '-400' });
  });
});

describe('a new version of a transform', () => {
  test('posts the difference for the whole slot, and nothing where nothing differs', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([order('A', '10.00', { listed: '11.00' }), order('B', '5.00', { listed: '5.00' })]);
    await ledger.run();
    const first = await ledger.content();
    await ledger.apply({ grossField: 'listed', effectiveFrom: '2026-03-01' });
    expect((await ledger.run()).normalized).toMatchObject({ records: 2, posted: 1, reversed: 1 });
    expect(await amounts(ledger)).toEqual({ gross_sales: '1600' });
    await ledger.apply({ grossField: 'amount', effectiveFrom: '2026-03-02' });
    await ledger.run();
    expect(await ledger.content()).toEqual(first);
  });

  test('releases from quarantine what it can read', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([order('A', '10.00', { listed: 'none' })]);
    await ledger.apply({ grossField: 'listed', effectiveFrom: '2026-03-01' });
    expect((await ledger.run()).normalized).toMatchObject({ posted: 0, quarantined: 1 });
    await ledger.apply({ grossField: 'amount', effectiveFrom: '2026-03-02' });
    expect((await ledger.run()).normalized).toMatchObject({ posted: 1, quarantined: 0 });
    expect((await ledger.content()).quarantined).toEqual([]);
  });
});

describe('what an entry says', () => {
  type Said = { channel: string; campaign: string | null; customer: string; order_id: string; raw: string };
  async function said(ledger: SmallLedger): Promise<Said[]> {
    const { rows } = await sql<Said>`
      select channel, campaign, customer_key::text as customer, order_id, to_jsonb(e)::text as raw from ledger_entry e
      where client_id = ${ledger.client} order by order_id`.execute(pipeline.database.db);
    return rows;
  }

  test('of the customer is a keyed hash: one customer, one hash, and another at another client', async () => {
    const ledgers = [await openLedger(pipeline), await openLedger(pipeline)];
    const hashes: string[][] = [];
    for (const ledger of ledgers) {
      await ledger.deliver([
        order('A', '1', { customer: 'ann@shop.example' }),
        order('B', '1', { customer: 'ann@shop.example' }),
      ]);
      await ledger.run();
      const entries = await said(ledger);
      expect(entries.map((one) => one.raw).join()).not.toContain('ann@');
      hashes.push(entries.map((one) => one.customer));
    }
    expect(new Set(hashes[0])).toHaveProperty('size', 1);
    expect(hashes[0]![0]).not.toBe(hashes[1]![0]);
  });

  const isThere = existsSync(CHANNELS);
  test(
    isThere ? 'of the channel is read from real landing URLs' : `of real channels (not run: ${CHANNELS} is absent)`,
    async () => {
      if (!isThere) return;
      const { wild_clicks: clicks } = JSON.parse(readFileSync(CHANNELS, 'utf8')) as {
        wild_clicks: { url: string; referrer: string; expect: string }[];
      };
      const ledger = await openLedger(pipeline, { mapping: ['landingUrl: url', 'referrer: referrer'] });
      await ledger.deliver(clicks.map((click, at) => order(`A${at}`, '1', click)));
      await ledger.run();
      expect((await said(ledger)).map((one) => one.channel)).toEqual(clicks.map((click) => click.expect));
    },
  );

  test('of the campaign is read from fields where they stand apart', async () => {
    const mapping = ['utm: { source: from, medium: by, campaign: tags.campaign }'];
    const ledger = await openLedger(pipeline, { mapping });
    await ledger.deliver([order('A', '1', { from: 'Google', by: 'cpc', tags: { campaign: 'Spring ' } })]);
    await ledger.run();
    expect((await said(ledger))[0]).toMatchObject({ channel: 'Paid Search', campaign: 'spring' });
  });
});
