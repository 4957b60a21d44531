import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table certificate (
      certificate_id bigint generated always as identity primary key,
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      store_id text not null,
      metric text not null,
      state text not null,
      input_hash text not null,
      evidence jsonb not null,
      audit_sequence bigint not null,
      audit_hash text not null,
      issued_at timestamptz not null default now(),
      lapsed_at timestamptz,
      lapse_reason text
    )`.execute(db);
  await sql`create index certificate_day on certificate (client_id, business_date) where lapsed_at is null`.execute(db);
  await sql`
    create table certificate_batch (
      certificate_id bigint not null references certificate,
      batch_id bigint not null references capture_batch,
      client_id text not null,
      primary key (certificate_id, batch_id)
    )`.execute(db);
  await sql`create index certificate_batch_batch on certificate_batch (batch_id)`.execute(db);
  await sql`
    create table published_number (
      client_id text not null,
      store_id text not null,
      metric text not null,
      definition text not null,
      business_date date not null,
      dimension text not null default '',
      member text not null default '',
      version integer not null,
      value_micros bigint,
      currency text,
      status text not null,
      finality text not null,
      reason text,
      attempt integer not null,
      certificate_id bigint not null references certificate,
      published_at timestamptz not null default now(),
      primary key (client_id, business_date, metric, store_id, dimension, member, version)
    )`.execute(db);
  await sql`
    create table current_certificate (
      client_id text not null,
      business_date date not null,
      metric text not null,
      store_id text not null,
      certificate_id bigint not null references certificate,
      primary key (client_id, business_date, metric, store_id)
    )`.execute(db);
  await sql`
    create table delivery (
      delivery_id bigint generated always as identity primary key,
      client_id text not null,
      business_date date not null,
      report_id text not null,
      destination_id text not null,
      report_version text not null,
      attempt integer not null,
      mode text not null,
      release text not null,
      recipients jsonb not null,
      message_id text not null unique,
      subject text not null,
      html text not null,
      body_text text not null,
      status text not null,
      created_at timestamptz not null default now(),
      sent_at timestamptz,
      unique (client_id, business_date, report_id, destination_id, report_version)
    )`.execute(db);
}
