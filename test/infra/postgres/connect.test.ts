import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { severedTransaction } from '../../support/sever.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a connection that breaks between two statements fails its transaction, and nothing else', async () => {
  const { failure, db } = await severedTransaction(database);
  expect(failure).toBeInstanceOf(Error);
  expect((await sql`select 3 as three`.execute(db)).rows).toEqual([{ three: 3 }]);
  await db.destroy();
});
