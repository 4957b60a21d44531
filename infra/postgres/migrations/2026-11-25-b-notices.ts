import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // A notice is owed before it is sent: it may wait for the end of quiet hours, or go out together with others.
  await sql`
    alter table notice
      add column person text,
      add column round text,
      add column planned_at timestamptz not null default now(),
      add column due_at timestamptz,
      add column carried_by text,
      add column dropped_at timestamptz,
      alter column message_id drop not null,
      alter column sent_at drop not null,
      alter column sent_at drop default`.execute(db);
  await sql`create index notice_exception on notice (exception_id)`.execute(db);
  await sql`
    create index notice_owed on notice (person) where sent_at is null and dropped_at is null`.execute(db);
}
