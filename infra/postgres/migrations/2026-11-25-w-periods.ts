import { type Kysely, sql } from 'kysely';

async function createPeriods(db: Kysely<unknown>): Promise<void> {
  // A month without a row is open.
  await sql`
    create table period (
      client_id text not null references client,
      month text not null,
      state text not null default 'open',
      locks integer not null default 0,
      closed_by text,
      closed_at timestamptz,
      close_reason text,
      seen_hash text,
      reopening_by text,
      reopening_at timestamptz,
      reopening_reason text,
      primary key (client_id, month),
      constraint period_month check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
      constraint period_state check (state in ('open', 'soft_closed', 'locked', 'reopening'))
    )`.execute(db);
  // What was locked, each time that it was: the rows of an earlier lock outlive a reopening.
  await sql`
    create table period_lock (
      client_id text not null references client,
      month text not null,
      lock integer not null,
      content_hash text not null,
      checklist jsonb not null,
      closed_by text not null,
      closed_at timestamptz not null,
      close_reason text,
      locked_by text not null,
      lock_reason text,
      locked_at timestamptz not null default now(),
      audit_sequence bigint not null,
      audit_hash text not null,
      primary key (client_id, month, lock)
    )`.execute(db);
  await sql`
    create table period_number (
      client_id text not null references client,
      month text not null,
      lock integer not null,
      store_id text not null,
      metric text not null,
      definition text not null,
      currency text,
      days integer not null,
      days_micros bigint,
      adjustment_micros bigint not null,
      value_micros bigint,
      primary key (client_id, month, lock, store_id, metric)
    )`.execute(db);
}

/** What came to a day of a locked month after the lock: posted to a later month, with the date that it is about. */
async function createAdjustments(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table prior_period_adjustment (
      client_id text not null references client,
      period_month text not null,
      business_date date not null,
      store_id text not null,
      metric text not null,
      definition text not null,
      dimension text not null default '',
      member text not null default '',
      sequence integer not null,
      amount_micros bigint not null,
      currency text,
      reason text not null,
      attempt integer not null,
      input_hash text not null,
      posted_at timestamptz not null default now(),
      primary key (client_id, business_date, metric, store_id, dimension, member, sequence),
      constraint prior_period_adjustment_month check (period_month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')
    )`.execute(db);
  await sql`
    create index prior_period_adjustment_period on prior_period_adjustment (client_id, period_month)`.execute(db);
}

async function grantWrites(db: Kysely<unknown>): Promise<void> {
  for (const table of ['period', 'period_lock', 'period_number'])
    await sql`grant insert on ${sql.table(table)} to meshline_api`.execute(db);
  await sql`
    grant update (state, locks, closed_by, closed_at, close_reason, seen_hash, reopening_by, reopening_at, reopening_reason)
    on period to meshline_api`.execute(db);
}

/** A service is nobody: where two people are asked for, its token counts for none of them. */
async function tellServices(db: Kysely<unknown>): Promise<void> {
  await sql`alter table access_token add column service boolean not null default false`.execute(db);
  await sql`grant select (service), insert (service) on access_token to meshline_api`.execute(db);
  await sql`drop function token_holder(bytea)`.execute(db);
  await sql`
    create function token_holder(hash bytea)
    returns table (token_id text, person text, role text, clients text[], service boolean)
    language sql stable security definer set search_path = pg_catalog, public
    begin atomic
      select t.token_id, t.person, t.role, t.clients, t.service from access_token t
      where t.token_hash = hash and t.revoked_at is null;
    end`.execute(db);
  await sql`revoke execute on function token_holder(bytea) from public`.execute(db);
  await sql`grant execute on function token_holder(bytea) to meshline_api`.execute(db);
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await createPeriods(db);
  await createAdjustments(db);
  await grantWrites(db);
  await tellServices(db);
}
