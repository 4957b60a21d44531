import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Whom a token stands for. `clients` null is every client. */
export type TokenHolder = { tokenId: string; person: string; role: string; clients: readonly string[] | null };
type HolderRow = { token_id: string; person: string; role: string; clients: string[] | null };

/** Only the hash of a token is kept: 32 random bytes need no slow one. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Finds whom a token stands for, by a function that answers for one hash and shows no other row. */
export async function holderOf(db: Db, token: string): Promise<TokenHolder | undefined> {
  const { rows } = await sql<HolderRow>`select * from token_holder(${tokenHash(token)})`.execute(db);
  const row = rows[0];
  return row && { tokenId: row.token_id, person: row.person, role: row.role, clients: row.clients };
}
