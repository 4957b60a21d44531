import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What a person decided for one business day alone, the latest row of a source counting. A null version gives the
  // source back to the operating model, whose own version it was made for is the base.
  await sql`
    create table day_transform (
      client_id text not null references client,
      business_date date not null,
      source_id text not null,
      sequence integer not null,
      transform_version integer,
      base_version integer not null,
      decision_id text not null,
      set_at timestamptz not null default now(),
      primary key (client_id, business_date, source_id, sequence)
    )`.execute(db);
  await sql`
    create table declared_closed_day (
      client_id text not null references client,
      business_date date not null,
      decision_id text not null,
      declared_at timestamptz not null default now(),
      primary key (client_id, business_date)
    )`.execute(db);
  // Fixes as they were last simulated for an exception. The ordinal names a fix for as long as the exception lives.
  await sql`
    create table suggested_fix (
      exception_id text not null references exception,
      client_id text not null references client,
      ordinal integer not null,
      content_hash text not null,
      fix jsonb not null,
      preview jsonb not null,
      rank integer,
      made_by text,
      simulated_at timestamptz not null default now(),
      primary key (exception_id, ordinal),
      unique (exception_id, content_hash)
    )`.execute(db);
}
