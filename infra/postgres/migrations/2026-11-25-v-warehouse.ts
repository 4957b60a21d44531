import { type Kysely, sql } from 'kysely';

/** A client is in the warehouse while the version of its model that is in force has a live destination of that kind. */
async function markModels(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table operating_model add column is_in_warehouse boolean generated always as (
      jsonb_path_exists(document, '$.report.destinations[*] ? (@.kind == "warehouse" && @.mode == "live")')) stored`.execute(
    db,
  );
}

/** A login that may read some clients only; one without a row reads every client that is in the warehouse. */
async function createReaders(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table warehouse_reader (
      login text not null,
      client_id text not null references client,
      primary key (login, client_id)
    )`.execute(db);
}

/** `session_user` is who logged in: a setting can be changed by whoever is logged in, and may only narrow. */
async function createClients(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view warehouse_client as
    select client_id from (
      select distinct on (client_id) client_id, is_in_warehouse from operating_model
      where effective_from is null or effective_from <= (now() at time zone 'UTC')::date
      order by client_id, version desc
    ) in_force
    where is_in_warehouse
      and (coalesce(nullif(current_setting('meshline.clients', true), ''), '*') = '*'
        or client_id = any (string_to_array(current_setting('meshline.clients', true), ',')))
      and (not exists (select from warehouse_reader r where r.login = session_user)
        or exists (select from warehouse_reader r where r.login = session_user and r.client_id = in_force.client_id))`.execute(
    db,
  );
}

/** The columns of both views, in their order: what a warehouse reads by name. */
const COLUMNS = sql`
  n.client_id as client, n.store_id as store, n.business_date, n.metric, n.definition, n.dimension, n.member, n.version,
  trim_scale(n.value_micros * 0.000001) as value, n.currency, n.status,
  case when coalesce(n.final_at <= now(), n.finality = 'final') then 'final' else 'provisional' end as finality, n.final_at,
  case when c.lapsed_at is null then c.state else 'lapsed' end as certificate, n.reason, n.published_at`;

/** A barrier: no condition of a reader is asked of a row before it is known that the reader may see it. */
async function createViews(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view published_number_current with (security_barrier) as
    select ${COLUMNS}
    from published_number n
    join warehouse_client w using (client_id)
    left join current_certificate cc using (client_id, business_date, metric, store_id)
    join certificate c on c.certificate_id = coalesce(cc.certificate_id, n.certificate_id)
    where not exists (
      select from published_number l
      where l.client_id = n.client_id and l.business_date = n.business_date and l.metric = n.metric
        and l.store_id = n.store_id and l.dimension = n.dimension and l.member = n.member and l.version > n.version)`.execute(
    db,
  );
  await sql`
    create view published_number_history with (security_barrier) as
    select ${COLUMNS}
    from published_number n
    join warehouse_client w using (client_id)
    join certificate c using (certificate_id)`.execute(db);
}

/** Roles belong to the whole server: another database of it may have made this one, even a moment ago. */
async function createRole(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'meshline_warehouse') then create role meshline_warehouse nologin; end if;
    exception when duplicate_object or unique_violation then null;
    end $$`.execute(db);
  await sql`grant usage on schema public to meshline_warehouse`.execute(db);
}

/** The files that exports have written, each by one destination of one client: nothing else is ever replaced. */
async function createFiles(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table export_file (
      path text primary key,
      client_id text not null references client,
      destination_id text not null,
      sha256 text,
      written_at timestamptz
    )`.execute(db);
  await sql`create index export_file_client on export_file (client_id, destination_id)`.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await markModels(db);
  await createReaders(db);
  await createClients(db);
  await createRole(db);
  await createViews(db);
  await sql`grant select on published_number_current, published_number_history to meshline_warehouse`.execute(db);
  await createFiles(db);
}
