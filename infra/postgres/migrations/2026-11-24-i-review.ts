import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table withheld_number (
      client_id text not null,
      business_date date not null,
      attempt integer not null,
      store_id text not null,
      metric text not null,
      dimension text not null default '',
      member text not null default '',
      reason text not null,
      exception_id text,
      primary key (client_id, business_date, attempt, store_id, metric, dimension, member)
    )`.execute(db);
  await sql`alter table exception add column maximum_reruns integer not null default 0`.execute(db);
  await sql`alter table attempt add column before_status text, add column was_settled boolean not null default false`.execute(
    db,
  );
  await sql`alter table exception add column source_id text`.execute(db);
  await sql`alter table decision add column after_attempt integer not null`.execute(db);
  await sql`alter table client add column scheduled_at timestamptz`.execute(db);
  await sql`grant update (scheduled_at) on client to meshline_api`.execute(db);
  // The attempt whose checks, controls and values the day rests on: a later one that found nothing new has none.
  await sql`alter table business_day add column settled_attempt integer, add column settled_status text`.execute(db);
}
