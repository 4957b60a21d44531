import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_head (
      client_id text primary key,
      sequence bigint not null,
      hash bytea not null
    )`.execute(db);
  await sql`
    create table audit_event (
      client_id text not null,
      sequence bigint not null,
      occurred_at timestamptz not null,
      record text not null,
      hash bytea not null,
      business_date date,
      attempt integer,
      primary key (client_id, sequence)
    )`.execute(db);
  await sql`create index audit_event_day on audit_event (client_id, business_date)`.execute(db);
  await sql`
    create table workflow_history (
      workflow_id text not null,
      run_id text primary key,
      client_id text not null,
      business_date date,
      status text not null,
      history bytea not null,
      closed_at timestamptz,
      copied_at timestamptz not null default now()
    )`.execute(db);
}
