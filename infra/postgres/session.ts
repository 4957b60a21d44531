import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { connectionOptions, type Db } from './connect.ts';

/** One connection for row work, usable for COPY streams and for queries of the same transaction. */
export type Session = { client: pg.Client; db: Db };

function onOneClient(client: pg.Client): Db {
  const lease = Object.assign(client, { release: () => undefined }) as unknown as pg.PoolClient;
  const pool = { connect: async () => lease, end: async () => undefined, options: {} };
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool: pool as unknown as pg.Pool }) });
}

/** Opens a connection; whoever does must end it. */
export async function openSession(databaseUrl: string): Promise<Session> {
  const client = new pg.Client(connectionOptions(databaseUrl));
  client.on('error', () => undefined);
  await client.connect();
  return { client, db: onOneClient(client) };
}

/** Runs `work` on a connection of its own and closes it whatever happens. */
export async function withSession<T>(databaseUrl: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(databaseUrl);
  try {
    return await work(session);
  } finally {
    await session.client.end().catch(() => undefined);
  }
}

/** Runs `work` in one transaction of the session; commits its result or rolls everything back. */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.client.query('begin');
  try {
    const result = await work();
    await session.client.query('commit');
    return result;
  } catch (error) {
    await session.client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Runs `work` in one transaction of the session and undoes whatever it did. */
export async function undoing<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.client.query('begin');
  try {
    return await work();
  } finally {
    await session.client.query('rollback').catch(() => undefined);
  }
}
