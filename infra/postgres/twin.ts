import { sql } from 'kysely';
import type { Db, Tx } from './connect.ts';
import { inTransaction, withSession } from './session.ts';

/** Connections that see the same; there is one at least. What one of them reads for long, several read side by side. */
export type Readers = readonly [Db, ...Db[]];

/**
 * Runs `work` with a transaction and its twin, which sees the database as the transaction does that reads repeatably, on a
 * connection of its own. What the transaction has written itself its twin does not see.
 */
export async function withTwin<T>(databaseUrl: string, tx: Tx, work: (readers: Readers) => Promise<T>): Promise<T> {
  const { rows } = await sql<{ snapshot: string }>`select pg_export_snapshot() as snapshot`.execute(tx);
  return withSession(databaseUrl, (session) =>
    inTransaction(session, async () => {
      await sql`set transaction isolation level repeatable read, read only`.execute(session.db);
      await sql`set transaction snapshot ${sql.lit(rows[0]!.snapshot)}`.execute(session.db);
      return work([tx, session.db]);
    }),
  );
}
