import pg from 'pg';
import { isOutage } from '../../../infra/failures/outage.ts';
import { copyInto, openRowCopy } from '../../../infra/postgres/copy.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function lostClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  await client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
  await ended;
  return client;
}

test('a COPY over a connection that is lost fails as an outage, which is waited for, and not as a defect', async () => {
  const client = await lostClient();
  const error = await (async () => copyInto(openRowCopy(client, 'client (client_id)'), []))().catch(
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(Error);
  expect(isOutage(error)).toBe(true);
});
