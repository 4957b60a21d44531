import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Whom a token stands for. `clients` null is every client. */
export type TokenHolder = {
  tokenId: string;
  person: string;
  role: string;
  clients: readonly string[] | null;
  /** It belongs to a service, which is no person. */
  service: boolean;
};
type HolderRow = { token_id: string; person: string; role: string; clients: string[] | null; service: boolean };

/** Only the hash of a token is kept: 32 random bytes need no slow one. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Finds whom a token stands for, by a function that answers for one hash and shows no other row. */
export async function holderOf(db: Db, token: string): Promise<TokenHolder | undefined> {
  const { rows } = await sql<HolderRow>`select * from token_holder(${tokenHash(token)})`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  const { token_id: tokenId, person, role, clients, service } = row;
  return { tokenId, person, role, clients, service };
}

export type NewToken = Omit<TokenHolder, 'clients'> & {
  token: string;
  clients: readonly string[] | null;
  createdBy: string;
};

/** Keeps a new token by its hash. The transaction must be an administrator's. */
export async function insertToken(tx: Db, one: NewToken): Promise<void> {
  await sql`
    insert into access_token (token_id, token_hash, person, role, clients, created_by, service)
    values (${one.tokenId}, ${tokenHash(one.token)}, ${one.person}, ${one.role}, ${one.clients && [...one.clients]},
      ${one.createdBy}, ${one.service})`.execute(tx);
}

export type TokenRow = HolderRow & { created_by: string; created_at: Date; revoked_at: Date | null };

/** All tokens, without their hashes; none for a transaction that is no administrator's. */
export async function listTokens(tx: Db): Promise<TokenRow[]> {
  const { rows } = await sql<TokenRow>`
    select token_id, person, role, clients, service, created_by, created_at, revoked_at from access_token
    order by created_at, token_id`.execute(tx);
  return rows;
}

/** Ends a token; one that has ended keeps its end. Undefined where there is no such token. */
export async function revokeToken(tx: Db, tokenId: string): Promise<Date | undefined> {
  const { rows } = await sql<{ revoked_at: Date }>`
    update access_token set revoked_at = coalesce(revoked_at, now()) where token_id = ${tokenId}
    returning revoked_at`.execute(tx);
  return rows[0]?.revoked_at;
}
