import { type Kysely, sql } from 'kysely';

async function extendDeliveries(db: Kysely<unknown>): Promise<void> {
  // What waits in its destination's outbox has `queued_at`: also what was sent before, and is to be sent once more.
  await sql`
    alter table delivery
      add column channel text not null default 'email',
      add column guarantee text not null default 'at_least_once',
      add column event text,
      add column url text,
      add column secret_ref text,
      add column patience_ms bigint not null default 259200000,
      add column queued_at timestamptz,
      add column released_by text,
      add column released_at timestamptz,
      add column resend_id text,
      add column superseded_by bigint references delivery,
      add constraint delivery_channel check (channel in ('email', 'webhook')),
      add constraint delivery_guarantee check (guarantee in ('at_least_once', 'at_most_once')),
      add constraint delivery_status check (status in
        ('stored', 'draft', 'pending', 'sending', 'sent', 'failed', 'uncertain', 'superseded')),
      add constraint delivery_address check (channel = 'email' or (url is not null and secret_ref is not null))`.execute(
    db,
  );
  await sql`
    create index delivery_queued on delivery (client_id, destination_id, delivery_id) where queued_at is not null`.execute(
    db,
  );
  await sql`create index delivery_superseded on delivery (superseded_by) where superseded_by is not null`.execute(db);
}

/**
 * Committed before a receiver is spoken to: a try without an end is one whose worker died, and whose outcome nobody
 * knows.
 */
async function createTries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table delivery_try (
      delivery_id bigint not null references delivery,
      try integer not null,
      client_id text not null references client,
      started_at timestamptz not null default clock_timestamp(),
      ended_at timestamptz,
      outcome text,
      answered integer,
      error text,
      primary key (delivery_id, try),
      constraint delivery_try_outcome check (outcome in ('sent', 'refused', 'unreached', 'unknown')),
      constraint delivery_try_end check ((ended_at is null) = (outcome is null))
    )`.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await extendDeliveries(db);
  await createTries(db);
  // A person releases a draft, or has something sent once more; the outbox does the rest.
  await sql`
    grant update (status, queued_at, released_by, released_at, resend_id) on delivery to meshline_api`.execute(db);
}
