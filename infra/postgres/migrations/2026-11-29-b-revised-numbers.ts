import { type Kysely, sql } from 'kysely';

/** What was revised is looked for whenever a report goes out, among all that is published. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index published_number_revised on published_number (client_id, business_date, metric, store_id, dimension, member)
    where version > 1`.execute(db);
}
