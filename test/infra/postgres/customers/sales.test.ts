import { sql } from 'kysely';
import { noteSales, salesByCustomer, sortSales } from '../../../../infra/postgres/customers/sales.ts';
import { openPipeline, type Pipeline } from '../../../support/pipeline.ts';
import { DATE, openLedger, order, type SmallLedger } from '../../../support/small-ledger.ts';

const NEXT = '2026-03-03';
const AFTER = '2026-03-04';
const [A, B, C] = [order('A', '10.00'), order('B', '20.00'), order('C', '30.00')];
const late = order('L', '5.00', { customer: 'c-A', at: `${DATE}T16:00:00Z` });
const next = order('N', '4.00', { customer: 'c-A', at: `${NEXT}T15:00:00Z` });

describe('sales by customer', () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    pipeline = await openPipeline();
  });
  afterAll(() => pipeline.close());

  type Sales = { entries: string[]; standing: number };
  const summed = (rows: readonly { entry_id: bigint; sign: number }[]): Sales => ({
    entries: rows.map((row) => `${row.entry_id}`).sort(),
    standing: rows.reduce((sum, row) => sum + row.sign, 0),
  });
  const asked = async ({ client }: SmallLedger): Promise<Sales> => {
    const { rows } = await sql<{ entry_id: bigint; sign: number }>`
      select entry_id, sign::int from ${salesByCustomer(client, AFTER)} p`.execute(pipeline.database.db);
    return summed(rows);
  };
  const posted = async ({ client }: SmallLedger): Promise<Sales> => {
    const { rows } = await sql<{ entry_id: bigint; sign: number }>`
      select entry_id, case when reverses_entry_id is null then 1 else -1 end as sign from ledger_entry
      where client_id = ${client} and kind = 'gross_sales' and business_date < ${AFTER}`.execute(pipeline.database.db);
    return summed(rows);
  };
  const sorted = ({ client }: SmallLedger) => sortSales(pipeline.database.db, client);

  test('are those of the ledger, sorted or not, whatever is posted in between', async () => {
    const ledger = await openLedger(pipeline);
    const deliveries: [object[], string][] = [
      [[A, B, C], DATE],
      [[next, late], NEXT],
      [[A, C], DATE],
      [[next], NEXT],
    ];
    for (const [orders, date] of deliveries) {
      await ledger.deliver(orders, date);
      await ledger.run(date);
      expect(await asked(ledger)).toEqual(await posted(ledger));
      await sorted(ledger);
      expect(await ledger.count('customer_backlog')).toBe(0);
      expect(await asked(ledger)).toEqual(await posted(ledger));
    }
    expect((await asked(ledger)).standing).toBe(3);
    expect(await ledger.count('customer_sale')).toBe((await posted(ledger)).entries.length);
  });

  test('of days before one are sorted alone where no others are asked for', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B]);
    await ledger.run();
    await ledger.deliver([next], NEXT);
    await ledger.run(NEXT);
    await sortSales(pipeline.database.db, ledger.client, NEXT);
    expect(await ledger.count('customer_sale')).toBe(2);
    expect(await asked(ledger)).toEqual(await posted(ledger));
  });

  test('are sorted once, by however many at a time', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B, C]);
    await ledger.run();
    await Promise.all([sorted(ledger), sorted(ledger), sorted(ledger)]);
    expect(await ledger.count('customer_sale')).toBe(3);
  });

  test('that are posted while a day is sorted are not missed', async () => {
    const ledger = await openLedger(pipeline);
    await ledger.deliver([A, B]);
    await ledger.run();
    await pipeline.database.db.transaction().execute(async (tx) => {
      await sql`
        insert into ledger_entry (client_id, store_id, source_id, raw_event_id, book, kind, business_date, occurred_at,
          amount_micros, currency, order_id, customer_key, transform_version, batch_id)
        select client_id, store_id, source_id, raw_event_id, book, kind, business_date, occurred_at, amount_micros, currency,
          'late', customer_key, transform_version, batch_id
        from ledger_entry where client_id = ${ledger.client} limit 1`.execute(tx);
      await noteSales(tx, ledger.client, [DATE]);
      await sorted(ledger);
    });
    expect(await asked(ledger)).toEqual(await posted(ledger));
    await sorted(ledger);
    expect(await asked(ledger)).toEqual(await posted(ledger));
    expect(await ledger.count('customer_sale')).toBe(3);
  });
});
