import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // When the settling windows of its sources end, and what released the version: what is published first needs no more,
  // a change does. Numbers of before have the finality that they were published with.
  await sql`
    alter table published_number
      add column final_at timestamptz,
      add column basis text not null default 'first',
      add constraint published_number_basis check (basis in ('first', 'provisional', 'tolerance', 'planned', 'decision'))`.execute(
    db,
  );
  // Entries of the day after this one came after the certificate.
  await sql`alter table certificate add column last_entry_id bigint`.execute(db);
  await sql`
    alter table delivery
      add column kind text not null default 'report',
      add constraint delivery_kind check (kind in ('report', 'correction', 'event'))`.execute(db);
  // Which version of which number a delivery shows: what its destination knows from the moment that it is sent.
  await sql`
    create table delivery_number (
      delivery_id bigint not null references delivery,
      client_id text not null references client,
      business_date date not null,
      metric text not null,
      store_id text not null,
      dimension text not null default '',
      member text not null default '',
      version integer not null,
      primary key (delivery_id, business_date, metric, store_id, dimension, member)
    )`.execute(db);
  await sql`
    create index delivery_number_day on delivery_number (client_id, business_date, metric, store_id, dimension, member)`.execute(
    db,
  );
  // What was sent before shows what had been published by then.
  await sql`
    insert into delivery_number (delivery_id, client_id, business_date, metric, store_id, dimension, member, version)
    select d.delivery_id, d.client_id, n.business_date, n.metric, n.store_id, n.dimension, n.member, max(n.version)
    from delivery d join published_number n using (client_id, business_date)
    where d.status in ('sent', 'stored') and n.attempt <= d.attempt
    group by d.delivery_id, d.client_id, n.business_date, n.metric, n.store_id, n.dimension, n.member`.execute(db);
}
