import { type Kysely, sql } from 'kysely';

/** A check of a metric has a result for each store. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table check_result drop constraint check_result_pkey,
      add primary key (client_id, business_date, attempt, check_id, subject)`.execute(db);
}
