import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // A member that is new on a published day has its first version for a reason, and is looked for like a revision.
  await sql`
    create index published_number_revised on published_number (client_id, business_date, metric, store_id, dimension, member)
    where version > 1 or reason is not null`.execute(db);
  // A report that goes out again shows a number that a correction is owed of, and does not set it right.
  await sql`alter table delivery_number add column in_passing boolean not null default false`.execute(db);
  // Whom a correction tells, also where it goes by another destination than the one that told them; null: its recipients.
  await sql`alter table delivery add column readers jsonb`.execute(db);
}
