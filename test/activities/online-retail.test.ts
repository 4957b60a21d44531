import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { currentNumbers } from '../../infra/postgres/report/numbers.ts';
import { type CloseBench, startCloseBench } from '../support/close-day.ts';

const DOCUMENT = resolve('../shared/examples/online-retail/operating-model.yaml');
const DATE = '2010-12-01';
const there = existsSync(DOCUMENT);
const onRealData = there ? test : test.skip;
if (!there) console.warn(`${DOCUMENT} is not there: the real day is not closed`);

describe('the real first day of Online Retail', () => {
  let bench: CloseBench;
  beforeAll(async () => {
    bench = await startCloseBench();
  });
  afterAll(() => bench.stop());

  onRealData('closes to published numbers that the till confirms, and is mailed once', async () => {
    const { client } = await bench.apply(DOCUMENT);
    const closed = await bench.close({ clientId: client, businessDate: DATE });
    expect(closed).toMatchObject({ attempt: 1, status: 'published', how: 'finished' });

    const numbers = await currentNumbers(bench.db, client, DATE);
    const shown = numbers.map((one) => [one.metric, one.value_micros, one.certificate, one.version]);
    expect(shown).toContainEqual(['invoiced_total', 58_635_560_000n, 'reconciled', 1]);
    expect(shown).toContainEqual(['gross_sales', 57_626_330_000n, 'unreconciled', 1]);
    expect(shown).toContainEqual(['orders', 137_000_000n, 'unreconciled', 1]);

    const { rows: controls } = await sql`select control_id, status, difference_micros from control_result`.execute(
      bench.db,
    );
    expect(controls).toEqual([{ control_id: 'till-daily', status: 'matched', difference_micros: 0n }]);

    expect(bench.mailbox.mails).toHaveLength(1);
    expect(bench.mailbox.mails[0]!.to).toMatchObject({ text: 'account-lead@north.example' });
    const { rows: deliveries } = await sql`select destination_id, status from delivery order by 1`.execute(bench.db);
    expect(deliveries).toEqual([
      { destination_id: 'client-mail', status: 'stored' },
      { destination_id: 'team-mail', status: 'sent' },
    ]);
  });
});
