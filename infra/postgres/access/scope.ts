import { sql } from 'kysely';
import type { Db, Tx } from '../connect.ts';

/** What a transaction of the API's role may see. `clients` null is every client. */
export type Scope = { clients: readonly string[] | null; role?: string };

/** Says to the database whose rows the rest of the transaction sees; row-level security does the rest. */
export async function narrow(tx: Db, { clients, role = '' }: Scope): Promise<void> {
  const visible = clients === null ? '*' : clients.join(',');
  await sql`
    select set_config('meshline.clients', ${visible}, true), set_config('meshline.role', ${role}, true)`.execute(tx);
}

/** Reads under one snapshot, so that the parts of a document fit each other. */
export function readScoped<T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (tx) => {
      await narrow(tx, scope);
      return work(tx);
    });
}

export function writeScoped<T>(db: Db, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await narrow(tx, scope);
    return work(tx);
  });
}
