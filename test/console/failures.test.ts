import { problemOf } from '../../console/api/failures.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { severedTransaction } from '../support/sever.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('a database that goes away within a transaction is told as such, and asks for another try', async () => {
  const { failure, db } = await severedTransaction(database);
  await db.destroy();
  expect(problemOf(failure, 'r1')).toMatchObject({ status: 503, document: { type: '/problems/storage-unavailable' } });
});

test('what nobody foresaw is told without its words, under the number of the request', () => {
  const { status, document } = problemOf(new Error('a secret'), 'r1');
  expect(status).toBe(500);
  expect(JSON.stringify(document)).toContain('r1');
  expect(JSON.stringify(document)).not.toContain('a secret');
});
