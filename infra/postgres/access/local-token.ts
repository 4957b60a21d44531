import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** The token of the person who starts an installation on their own machine: an administrator of all its clients. */
export async function ensureLocalToken(db: Db, token: string, person: string): Promise<void> {
  const hash = createHash('sha256').update(token).digest();
  await sql`
    insert into access_token (token_id, token_hash, person, role, clients, created_by)
    values ('local', ${hash}, ${person}, 'admin', null, 'meshline')
    on conflict (token_id) do update set token_hash = excluded.token_hash, person = excluded.person`.execute(db);
}
