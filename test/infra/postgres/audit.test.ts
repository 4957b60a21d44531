import { sql } from 'kysely';
import { appendAudit, verifyAudit } from '../../../infra/postgres/audit.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const KEY = Buffer.alloc(32, 7);
const event = (subject: string) => ({ clientId: 'acme', actor: 'ada', action: 'test.happened', subject, detail: {} });

describe('the audit chain', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
    for (const subject of ['one', 'two', 'three'])
      await database.db.transaction().execute((tx) => appendAudit(tx, KEY, event(subject)));
  });
  afterEach(() => database.drop());
  const verify = () => verifyAudit(database.db, KEY, 'acme');

  test('verifies as it was written', async () => {
    expect(await verify()).toEqual({ events: 3, problems: [] });
  });

  test('shows an event that was edited', async () => {
    await sql`update audit_event set record = replace(record, 'two', 'too') where sequence = 2`.execute(database.db);
    expect((await verify()).problems).toMatchObject([{ client: 'acme', sequence: '2' }]);
  });

  test('shows a gap', async () => {
    await sql`delete from audit_event where sequence = 2`.execute(database.db);
    expect((await verify()).problems.map((one) => one.sequence)).toContain('3');
  });

  test('shows two events that were exchanged', async () => {
    await sql`update audit_event set sequence = 10 - sequence where sequence > 1`.execute(database.db);
    await sql`update audit_event set sequence = case sequence when 8 then 3 else 2 end where sequence > 3`.execute(
      database.db,
    );
    expect((await verify()).problems.length).toBeGreaterThan(0);
  });

  test('shows a tail that was cut off with its head', async () => {
    const head = await database.db.transaction().execute((tx) => appendAudit(tx, KEY, event('four')));
    await sql`
      insert into certificate (client_id, business_date, attempt, store_id, metric, state, input_hash, evidence, audit_sequence, audit_hash)
      values ('acme', '2026-01-01', 1, 'acme', 'net_sales', 'reconciled', '', '{}', ${head.sequence}, ${head.hash})`.execute(
      database.db,
    );
    await sql`delete from audit_event where sequence = 4`.execute(database.db);
    await sql`update audit_head h set sequence = 3, hash = e.hash from audit_event e where e.sequence = 3`.execute(
      database.db,
    );
    expect((await verify()).problems).toMatchObject([{ sequence: '4' }]);
  });

  test('does not verify under another key', async () => {
    const { problems } = await verifyAudit(database.db, Buffer.alloc(32, 8), 'acme');
    expect(problems).toHaveLength(3);
  });
});
