import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** The API's role sees the clients named in `meshline.clients` ('*' is all of them) and nothing where it is unset. */
const VISIBLE = sql.raw(
  `current_setting('meshline.clients', true) = '*'
   or client_id = any (string_to_array(nullif(current_setting('meshline.clients', true), ''), ','))`,
);

/** Tables whose rows belong to a client, which is every one with a `client_id`, as far as they are not guarded yet. */
async function unguardedTables(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'client_id'
      and not a.attisdropped
      and not (c.relrowsecurity and c.relforcerowsecurity
        and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'api_clients'))
    order by 1`.execute(db);
  return rows.map((row) => row.name);
}

async function guard(tx: Db, name: string): Promise<void> {
  const table = sql.table(name);
  await sql`alter table ${table} enable row level security, force row level security`.execute(tx);
  await sql`create policy api_clients on ${table} to meshline_api using (${VISIBLE}) with check (${VISIBLE})`.execute(
    tx,
  );
  // Workers own the tables and carry the client in every key; a hosted Postgres gives its owner no way around policies.
  await sql`create policy owner on ${table} to current_user using (true) with check (true)`.execute(tx);
  await sql`grant select on ${table} to meshline_api`.execute(tx);
}

/**
 * Puts every client table under row-level security, forced also for its owner, and lets the API's role read it. Runs
 * after the migrations at every start: a new table is guarded because it is there, and cannot be forgotten.
 */
export async function guardClientTables(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const name of await unguardedTables(tx)) await guard(tx, name);
  });
}
