import { type Kysely, sql } from 'kysely';

/** Whether a key was there before is told by the index alone: with the record's id it also tells the batch. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index raw_event_key_record on raw_event (key_hash, raw_event_id)`.execute(db);
  await sql`drop index raw_event_key`.execute(db);
}
