import { sql } from 'kysely';
import type pg from 'pg';
import { connect } from '../../../infra/postgres/connect.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Ends the session of a pool's connection from outside, and resolves when its client has noticed. */
async function sever(client: pg.PoolClient): Promise<void> {
  // `once` of node:events would listen to errors too.
  const noticed = new Promise<void>((resolve) => client.once('end', () => resolve()));
  const { processID } = client as unknown as { processID: number };
  await sql`select pg_terminate_backend(${processID})`.execute(database.db);
  await noticed;
}

test('a connection that breaks between two statements fails its transaction, and nothing else', async () => {
  const { db, pool } = connect(database.url, 1);
  const connections: pg.PoolClient[] = [];
  pool.on('connect', (client) => connections.push(client));
  const broken = db.transaction().execute(async (tx) => {
    await sql`select 1`.execute(tx);
    await sever(connections[0]!);
    await sql`select 2`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql`select 3 as three`.execute(db)).rows).toEqual([{ three: 3 }]);
  await db.destroy();
});
