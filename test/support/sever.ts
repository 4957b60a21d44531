import { sql } from 'kysely';
import type pg from 'pg';
import { connect } from '../../infra/postgres/connect.ts';
import type { TestDatabase } from './database.ts';

/** Ends the session of a pool's connection from outside, and resolves when its client has noticed. */
async function sever(database: TestDatabase, client: pg.PoolClient): Promise<void> {
  // `once` of node:events would listen to errors too.
  const noticed = new Promise<void>((resolve) => client.once('end', () => resolve()));
  const { processID } = client as unknown as { processID: number };
  await sql`select pg_terminate_backend(${processID})`.execute(database.db);
  await noticed;
}

/** What a transaction fails with whose connection breaks between two statements, and the pool that it was on. */
export async function severedTransaction(
  database: TestDatabase,
): Promise<{ failure: unknown } & ReturnType<typeof connect>> {
  const connected = connect(database.url, 1);
  const connections: pg.PoolClient[] = [];
  connected.pool.on('connect', (client) => connections.push(client));
  const failure = await connected.db
    .transaction()
    .execute(async (tx) => {
      await sql`select 1`.execute(tx);
      await sever(database, connections[0]!);
      await sql`select 2`.execute(tx);
    })
    .catch((error: unknown) => error);
  return { ...connected, failure };
}
