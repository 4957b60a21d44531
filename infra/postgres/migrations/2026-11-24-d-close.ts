import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table business_day (
      client_id text not null references client,
      business_date date not null,
      status text not null default 'running',
      attempt integer not null default 0,
      model_version integer,
      input_hash text,
      lapsed_at timestamptz,
      primary key (client_id, business_date)
    )`.execute(db);
  await sql`
    create table attempt (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      run_id text not null unique,
      workflow_id text not null,
      model_version integer not null,
      begins_at text not null,
      cause text not null,
      actor text not null,
      input_hash text,
      stage text not null,
      status text not null default 'running',
      error text,
      started_at timestamptz not null default now(),
      ended_at timestamptz,
      primary key (client_id, business_date, attempt),
      foreign key (client_id, business_date) references business_day
    )`.execute(db);
  await sql`
    create unique index attempt_open on attempt (client_id, business_date) where ended_at is null`.execute(db);
  await sql`
    create table check_result (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      check_id text not null,
      kind text not null,
      severity text not null,
      subject jsonb not null,
      status text not null,
      message text not null,
      observed jsonb not null,
      primary key (client_id, business_date, attempt, check_id)
    )`.execute(db);
  await sql`
    create table check_failure (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      check_id text not null,
      raw_event_id bigint not null,
      primary key (client_id, business_date, attempt, check_id, raw_event_id)
    )`.execute(db);
  await sql`
    create table metric_value (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      store_id text not null,
      metric text not null,
      definition text not null,
      dimension text not null default '',
      member text not null default '',
      value_micros bigint,
      currency text,
      primary key (client_id, business_date, attempt, store_id, metric, dimension, member)
    )`.execute(db);
  await sql`
    create table source_total (
      source_total_id bigint generated always as identity primary key,
      client_id text not null,
      store_id text not null,
      control_id text not null,
      metric text not null,
      business_date date not null,
      slice text,
      value_micros bigint,
      evidence text not null,
      origin text not null,
      content_hash text not null,
      read_at timestamptz not null default now()
    )`.execute(db);
  await sql`
    create index source_total_day on source_total (client_id, business_date, control_id)`.execute(db);
  await sql`
    create table control_result (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      control_id text not null,
      store_id text not null,
      slice text not null default '',
      metric text not null,
      ours_micros bigint,
      theirs_micros bigint,
      difference_micros bigint,
      unreconciled_micros bigint,
      month_difference_micros bigint,
      currency text,
      status text not null,
      source_total_id bigint,
      message text not null,
      primary key (client_id, business_date, attempt, control_id, store_id, slice)
    )`.execute(db);
  await sql`
    create table reconciling_item (
      item_id bigint generated always as identity primary key,
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      control_id text not null,
      store_id text not null,
      slice text not null default '',
      kind text not null,
      detail text,
      amount_micros bigint not null,
      records integer not null
    )`.execute(db);
  await sql`
    create index reconciling_item_day on reconciling_item (client_id, business_date, attempt)`.execute(db);
  await sql`
    create table reconciling_item_record (
      item_id bigint not null references reconciling_item,
      client_id text not null,
      raw_event_id bigint not null,
      amount_micros bigint not null,
      primary key (item_id, raw_event_id)
    )`.execute(db);
}
