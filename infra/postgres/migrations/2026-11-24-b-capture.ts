import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table capture_batch (
      batch_id bigint generated always as identity primary key,
      client_id text not null references client,
      source_id text not null,
      slot text not null,
      slot_date date not null,
      sequence integer not null,
      content_hash bytea not null,
      file_name text not null,
      bytes bigint not null,
      fields text[] not null,
      records integer not null,
      new_records integer not null,
      changed_records integer not null,
      gone_records integer not null,
      captured_at timestamptz not null default now(),
      overlapping boolean not null default false,
      normalized_with integer,
      unique (client_id, source_id, slot_date, sequence)
    )`.execute(db);
  await sql`create index capture_batch_day on capture_batch (client_id, slot_date)`.execute(db);
  await sql`
    create table raw_event (
      raw_event_id bigint primary key,
      client_id text not null,
      source_id text not null,
      batch_id bigint not null,
      line integer not null,
      occurrence integer not null default 1,
      key_hash uuid not null,
      business_key text not null,
      content_hash bytea not null,
      record_version text,
      event_time timestamptz,
      received_at timestamptz not null default now(),
      business_date date not null,
      defect text,
      payload text,
      payload_bytes bytea
    )`.execute(db);
  await sql`create index raw_event_key on raw_event (key_hash)`.execute(db);
  // Records of a batch lie together, and mostly belong to one day: ranges of blocks tell days apart for next to nothing.
  await sql`
    create index raw_event_day on raw_event using brin (client_id, source_id, business_date) with (pages_per_range = 32)`.execute(
    db,
  );
  await sql`
    create table inactive_event (
      raw_event_id bigint primary key references raw_event,
      client_id text not null,
      batch_id bigint not null references capture_batch,
      reason text not null,
      since timestamptz not null default now()
    )`.execute(db);
  await sql`create index inactive_event_batch on inactive_event (batch_id)`.execute(db);
  await sql`
    create table upload (
      upload_id bigint generated always as identity primary key,
      client_id text not null references client,
      source_id text not null,
      slot_date date not null,
      file_name text not null,
      content_hash bytea not null,
      path text not null,
      uploaded_by text not null,
      uploaded_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index upload_slot on upload (client_id, source_id, slot_date)`.execute(db);
}
