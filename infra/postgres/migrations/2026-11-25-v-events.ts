import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // What happened, by its business key, and where the rules of that day's model send it. `is_owed`: somebody is still to
  // get a message of it.
  await sql`
    create table event (
      event_id text primary key,
      client_id text not null references client,
      business_date date,
      type text not null,
      facts jsonb not null,
      routed jsonb not null default '[]',
      unmatched boolean not null default false,
      is_owed boolean not null default false,
      at timestamptz not null default clock_timestamp()
    )`.execute(db);
  await sql`create index event_client on event (client_id, business_date, type)`.execute(db);
  await sql`create index event_unmatched on event (client_id, business_date) where unmatched`.execute(db);
  await sql`create index event_owed on event (client_id) where is_owed`.execute(db);
  await sql`create index event_exception on event ((facts ->> 'exception')) where facts ? 'exception'`.execute(db);
  // The API closes and locks months.
  await sql`grant insert on event to meshline_api`.execute(db);
  // What a message told of, so that no event is told to the same target twice.
  await sql`
    create table delivery_event (
      delivery_id bigint not null references delivery,
      client_id text not null references client,
      event_id text not null references event,
      primary key (delivery_id, event_id)
    )`.execute(db);
  await sql`create index delivery_event_event on delivery_event (event_id)`.execute(db);
}
