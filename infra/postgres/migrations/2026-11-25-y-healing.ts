import { type Kysely, sql } from 'kysely';

/** Since when the system has tried by itself: one mail for each time that it begins to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table exception add column healing_since timestamptz not null default now()`.execute(db);
}
