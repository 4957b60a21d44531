import { type Kysely, sql } from 'kysely';

const clientTables = [
  'client',
  'operating_model',
  'transform_version',
  'capture_batch',
  'raw_event',
  'inactive_event',
  'upload',
  'ledger_entry',
  'quarantine',
  'business_day',
  'attempt',
  'check_result',
  'check_failure',
  'metric_value',
  'source_total',
  'control_result',
  'reconciling_item',
  'reconciling_item_record',
  'certificate',
  'certificate_batch',
  'published_number',
  'current_certificate',
  'delivery',
  'exception',
  'decision',
  'notice',
  'audit_head',
  'audit_event',
  'workflow_history',
];

/** The API's role sees the clients named in `meshline.clients` ('*' is all of them) and nothing where it is unset. */
const visible = sql.raw(
  `current_setting('meshline.clients', true) = '*'
   or client_id = any (string_to_array(nullif(current_setting('meshline.clients', true), ''), ','))`,
);

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table access_token (
      token_id text primary key,
      token_hash bytea not null unique,
      person text not null,
      role text not null,
      clients text[],
      created_by text not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'meshline_api') then create role meshline_api nologin; end if;
    end $$`.execute(db);
  await sql`grant usage on schema public to meshline_api`.execute(db);
  await sql`grant select, insert, update on access_token to meshline_api`.execute(db);
  for (const table of clientTables) {
    const name = sql.table(table);
    await sql`alter table ${name} enable row level security`.execute(db);
    await sql`create policy api_clients on ${name} to meshline_api using (${visible}) with check (${visible})`.execute(
      db,
    );
    await sql`grant select on ${name} to meshline_api`.execute(db);
  }
  for (const table of ['client', 'operating_model', 'transform_version', 'upload', 'source_total', 'audit_event'])
    await sql`grant insert on ${sql.table(table)} to meshline_api`.execute(db);
  await sql`grant update (name) on client to meshline_api`.execute(db);
  await sql`grant insert, update on audit_head to meshline_api`.execute(db);
}
