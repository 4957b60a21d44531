import { type Kysely, sql } from 'kysely';

/** How many records of each business day a batch has stored: to count a day's records, nobody need read them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table batch_day (
      client_id text not null,
      business_date date not null,
      batch_id bigint not null references capture_batch,
      source_id text not null,
      records integer not null,
      primary key (client_id, business_date, batch_id)
    )`.execute(db);
  await sql`
    insert into batch_day (client_id, business_date, batch_id, source_id, records)
    select client_id, business_date, batch_id, source_id, count(*) from raw_event group by 1, 2, 3, 4`.execute(db);
}
