import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger_entry (
      entry_id bigint generated always as identity,
      client_id text not null,
      store_id text not null,
      source_id text not null,
      raw_event_id bigint not null,
      book text not null,
      kind text not null,
      business_date date not null,
      occurred_at timestamptz not null,
      amount_micros bigint not null,
      currency text not null,
      order_id text,
      customer_key uuid,
      channel text,
      campaign text,
      dimensions jsonb,
      transform_version integer not null,
      batch_id bigint not null,
      reverses_entry_id bigint,
      posted_at timestamptz not null default now()
    )`.execute(db);
  // Entries of a batch lie together, and mostly belong to one day: ranges of blocks tell days apart for next to nothing.
  await sql`
    create index ledger_entry_day on ledger_entry using brin (client_id, business_date) with (pages_per_range = 32)`.execute(
    db,
  );
  await sql`create index ledger_entry_event on ledger_entry (raw_event_id)`.execute(db);
  // The day is an expression as it is in the question for earlier sales, which no other index shall answer: an order that
  // is of the day alone is then told by the index, without a look at its entries.
  await sql`
    create index ledger_entry_order on ledger_entry (client_id, order_id, (business_date + 0))
    where kind = 'gross_sales'`.execute(db);
  await sql`
    create index ledger_entry_customer on ledger_entry (customer_key)
    where kind = 'gross_sales' and customer_key is not null`.execute(db);
  await sql`
    create unique index ledger_entry_reversal on ledger_entry (reverses_entry_id)
    where reverses_entry_id is not null`.execute(db);
  await sql`
    create table quarantine (
      quarantine_id bigint generated always as identity primary key,
      client_id text not null,
      source_id text not null,
      raw_event_id bigint not null,
      business_date date not null,
      amount_micros bigint,
      currency text,
      errors jsonb not null,
      transform_version integer not null,
      quarantined_at timestamptz not null default now(),
      released_at timestamptz,
      release_reason text
    )`.execute(db);
  await sql`create index quarantine_day on quarantine (client_id, business_date) where released_at is null`.execute(db);
  await sql`create unique index quarantine_event on quarantine (raw_event_id) where released_at is null`.execute(db);
}
