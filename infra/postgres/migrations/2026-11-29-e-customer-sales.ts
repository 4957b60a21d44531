import { type Kysely, sql } from 'kysely';

/**
 * Sales by customer lie in a table of their own, sorted a day at a time, once nothing waits for it: customers come in any
 * order, and an index that is kept in step with each entry costs as much as all else about storing it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table customer_sale (
      client_id text not null,
      customer_key uuid not null,
      business_date date not null,
      entry_id bigint not null,
      posted_at timestamptz not null,
      sign integer not null
    )`.execute(db);
  await sql`
    insert into customer_sale (client_id, customer_key, business_date, entry_id, posted_at, sign)
    select client_id, customer_key, business_date, entry_id, posted_at, case when reverses_entry_id is null then 1 else -1 end
    from ledger_entry where kind = 'gross_sales' and customer_key is not null order by customer_key`.execute(db);
  await sql`create index customer_sale_key on customer_sale (customer_key)`.execute(db);
  await sql`create index customer_sale_day on customer_sale using brin (client_id, business_date) with (pages_per_range = 32)`.execute(
    db,
  );
  await sql`
    create table customer_backlog (
      client_id text not null,
      business_date date not null
    )`.execute(db);
  await sql`create index customer_backlog_day on customer_backlog (client_id, business_date)`.execute(db);
  await sql`drop index ledger_entry_customer`.execute(db);
}
