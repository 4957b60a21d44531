import { type Kysely, sql } from 'kysely';

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table access_token (
      token_id text primary key,
      token_hash bytea not null unique,
      person text not null,
      role text not null check (role in ('viewer', 'operator', 'owner', 'admin')),
      clients text[] check (cardinality(clients) > 0 and not ('*' = any (clients))),
      created_by text not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz,
      check (role <> 'admin' or clients is null)
    )`.execute(db);
  await sql`alter table access_token enable row level security, force row level security`.execute(db);
  await sql`create policy owner on access_token to current_user using (true) with check (true)`.execute(db);
  await sql`
    create policy api_admin on access_token to meshline_api
    using (current_setting('meshline.role', true) = 'admin')
    with check (current_setting('meshline.role', true) = 'admin')`.execute(db);
}

/** Answers for the one hash that is asked for, so that no code path of the API can read or list hashes. */
async function createLookup(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function token_holder(hash bytea)
    returns table (token_id text, person text, role text, clients text[])
    language sql stable security definer set search_path = pg_catalog, public
    begin atomic
      select t.token_id, t.person, t.role, t.clients from access_token t
      where t.token_hash = hash and t.revoked_at is null;
    end`.execute(db);
  await sql`revoke execute on function token_holder(bytea) from public`.execute(db);
  await sql`grant execute on function token_holder(bytea) to meshline_api`.execute(db);
}

/** What the API's role may write. What it may read is granted table by table where the tables are guarded. */
async function grantWrites(db: Kysely<unknown>): Promise<void> {
  for (const table of ['client', 'operating_model', 'transform_version', 'upload', 'source_total', 'audit_event'])
    await sql`grant insert on ${sql.table(table)} to meshline_api`.execute(db);
  await sql`grant update (name) on client to meshline_api`.execute(db);
  await sql`grant insert on audit_head to meshline_api`.execute(db);
  await sql`grant update (sequence, hash) on audit_head to meshline_api`.execute(db);
  // A total that is stated anew ends the standing of what was compared with the one before.
  await sql`grant update (lapsed_at, lapse_reason) on certificate to meshline_api`.execute(db);
  await sql`grant update (lapsed_at) on business_day to meshline_api`.execute(db);
  await sql`
    grant select (token_id, person, role, clients, created_by, created_at, revoked_at) on access_token to meshline_api`.execute(
    db,
  );
  await sql`
    grant insert (token_id, token_hash, person, role, clients, created_by) on access_token to meshline_api`.execute(db);
  await sql`grant update (revoked_at) on access_token to meshline_api`.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'meshline_api') then create role meshline_api nologin; end if;
    end $$`.execute(db);
  await sql`grant usage on schema public to meshline_api`.execute(db);
  await createTokens(db);
  await createLookup(db);
  await grantWrites(db);
}
