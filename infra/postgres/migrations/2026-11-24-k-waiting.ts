import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // By source: the file that capture waits for, and until when.
  await sql`alter table attempt add column waiting_for jsonb not null default '{}'`.execute(db);
}
