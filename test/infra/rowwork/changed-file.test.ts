import { rename, rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { dayRecords } from '../../../infra/postgres/capture/day-records.ts';
import { ordersFile } from '../../support/order-model.ts';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';
import { DATE, openLedger, order } from '../../support/small-ledger.ts';

const [A, B, C, DD] = [
  order('A', '10.00'),
  order('B', '20.00', { discount: '2.00' }),
  order('C', '30.00'),
  order('D', '1'),
];
const B2 = order('B', '25.00');
const BROKEN = order('C', 'much');

const CHANGES: readonly [name: string, first: object[], then: object[], counts: [number, number, number]][] = [
  ['longer', [A, B], [A, B, C, DD], [2, 0, 0]],
  ['shorter', [A, B, C], [B], [0, 0, 2]],
  ['reordered', [A, B, C], [C, A, B], [0, 0, 0]],
  ['of one line edited', [A, B, C], [A, B2, C], [0, 1, 0]],
  ['with a line repeated', [A, B], [A, B, B], [0, 1, 0]],
  ['with a repeated line once', [A, A, B], [A, B], [0, 0, 0]],
  ['with two versions of a line', [A, B], [A, B, B2], [0, 1, 0]],
  ['with two versions of a line in the other order', [A, B, B2], [A, B2, B], [0, 1, 0]],
  ['with a line that is broken now', [A, B, C], [A, B, BROKEN], [0, 1, 0]],
  ['with a line that is whole again', [A, B, BROKEN], [A, B, C], [0, 1, 0]],
  ['of other lines altogether', [A, B], [C, DD], [2, 0, 2]],
  ['empty', [A, B], [], [0, 0, 2]],
];

describe('a file that changed', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await openPipeline();
  });
  afterAll(() => pipeline.close());

  test.each(CHANGES)(
    'is %s: the ledger holds what a first capture of it would have made',
    async (_name, first, then, counts) => {
      const changed = await openLedger(pipeline);
      await changed.deliver(first);
      await changed.run();
      await changed.deliver(then);
      const { captured } = await changed.run();
      const [newRecords, changedRecords, goneRecords] = counts;
      expect(captured).toMatchObject({
        status: 'captured',
        records: then.length,
        newRecords,
        changedRecords,
        goneRecords,
      });
      const fresh = await openLedger(pipeline);
      await fresh.deliver(then);
      await fresh.run();
      expect(await changed.content()).toEqual(await fresh.content());
      const counted = await dayRecords(pipeline.database.db, changed.client, DATE);
      expect(counted).toEqual(await dayRecords(pipeline.database.db, fresh.client, DATE));
      expect(counted.reduce((sum, one) => sum + one.read, 0)).toBe(then.length);
    },
  );

  test('is counted by the days of its records, whatever file they stand in', async () => {
    const ledger = await openLedger(pipeline);
    const next = order('N', '4.00', { at: '2026-03-03T15:00:00Z' });
    const countsOf = async (date: string) => {
      const [counts] = await dayRecords(pipeline.database.db, ledger.client, date);
      return counts && { read: counts.read, standing: counts.standing, duplicates: counts.duplicates };
    };
    await ledger.deliver([A, A, B, BROKEN, next]);
    await ledger.run();
    expect(await countsOf(DATE)).toEqual({ read: 4, standing: 3, duplicates: 1 });
    expect(await countsOf('2026-03-03')).toEqual({ read: 1, standing: 1, duplicates: 0 });
    await ledger.deliver([next, next], '2026-03-03');
    await ledger.run('2026-03-03');
    expect(await countsOf('2026-03-03')).toEqual({ read: 3, standing: 1, duplicates: 2 });
    await ledger.deliver([B]);
    await ledger.run();
    expect(await countsOf(DATE)).toEqual({ read: 1, standing: 1, duplicates: 0 });
    expect(await countsOf('2026-03-03')).toEqual({ read: 2, standing: 1, duplicates: 1 });
  });

  test('comes back to what it was: nothing of the detour is left', async () => {
    const ledger = await openLedger(pipeline);
    const contents = [];
    for (const orders of [
      [A, B],
      [B2, C],
      [A, B],
    ]) {
      await ledger.deliver(orders);
      await ledger.run();
      contents.push(await ledger.content());
    }
    expect(contents[2]).toEqual(contents[0]);
    expect(contents[1]).not.toEqual(contents[0]);
  });

  test('has lines that are known by their place: the key is the line, and reordering exchanges them', async () => {
    const placed = { key: ['$file', '$line'], csv: ', delimiter: ";"' };
    const csv = (rows: string[]) => `id;at;amount\n${rows.join('\n')}\n`;
    const rows = ['A;2026-03-02T15:00:00Z;1.00', 'B;2026-03-02T15:00:00Z;2.00', 'B;2026-03-02T15:00:00Z;2.00'];
    const [changed, fresh] = [await openLedger(pipeline, placed), await openLedger(pipeline, placed)];
    await changed.deliver(csv(rows));
    await changed.run();
    await changed.deliver(csv([...rows].reverse()));
    await changed.run();
    await fresh.deliver(csv([...rows].reverse()));
    await fresh.run();
    expect(await changed.content()).toEqual(await fresh.content());
  });

  test('is the same again: no batch, no audit row, no entry', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B]);
    await ledger.run();
    const tables = ['capture_batch', 'raw_event', 'ledger_entry', 'audit_event', 'inactive_event', 'quarantine'];
    const counts = () => Promise.all(tables.map((table) => ledger.count(table)));
    const before = await counts();
    const { captured, normalized } = await ledger.run();
    expect(captured).toMatchObject({
      status: 'unchanged',
      records: 2,
      newRecords: 0,
      changedRecords: 0,
      goneRecords: 0,
    });
    expect(normalized).toEqual({ records: 0, posted: 0, reversed: 0, quarantined: 0 });
    expect(await counts()).toEqual(before);
  });

  test('is the same content compressed, under another name: unchanged', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B]);
    await ledger.run();
    await ledger.deliver(gzipSync(ordersFile([A, B])));
    expect(await ledger.capture()).toMatchObject({ status: 'unchanged' });
    await rename(ledger.pathOf(), `${ledger.pathOf()}.gz`);
    expect(await ledger.capture()).toMatchObject({ status: 'unchanged' });
    await rm(`${ledger.pathOf()}.gz`);
    expect(await ledger.capture()).toMatchObject({ status: 'absent' });
    expect((await ledger.content()).standing).toHaveLength(3);
  });

  test('lost a record that had a copy in another day: that one stands again', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B]);
    await ledger.run();
    await ledger.deliver([B2], '2026-03-03');
    await ledger.run('2026-03-03');
    expect((await ledger.content()).standing.join()).toContain('25000000');
    await ledger.deliver([C], '2026-03-03');
    await ledger.run('2026-03-03');
    const fresh = await openLedger(pipeline);
    await fresh.deliver([A, B, C]);
    await fresh.run();
    expect((await ledger.content()).standing).toEqual((await fresh.content()).standing);
  });
});
