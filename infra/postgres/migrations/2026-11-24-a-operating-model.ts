import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table client (
      client_id text primary key,
      name text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table operating_model (
      client_id text not null references client,
      version integer not null,
      document jsonb not null,
      origins jsonb not null,
      files jsonb not null,
      transforms jsonb not null,
      content_hash text not null,
      effective_from date,
      applied_by text not null,
      applied_at timestamptz not null default now(),
      primary key (client_id, version)
    )`.execute(db);
  await sql`
    create table transform_version (
      client_id text not null references client,
      transform_id text not null,
      version integer not null,
      rule jsonb not null,
      content_hash text not null,
      created_at timestamptz not null default now(),
      primary key (client_id, transform_id, version)
    )`.execute(db);
}
