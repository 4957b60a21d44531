import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table exception (
      exception_id text primary key,
      client_id text not null references client,
      business_date date not null,
      kind text not null,
      subject text not null,
      store_id text not null,
      slice text not null default '',
      metric text,
      control_id text,
      owner text not null,
      deputy text not null,
      state text not null,
      version integer not null default 1,
      input_hash text not null,
      difference_micros bigint,
      currency text,
      message text not null,
      withheld jsonb not null,
      opened_attempt integer not null,
      last_attempt integer not null,
      reruns integer not null default 0,
      deadline timestamptz,
      opened_at timestamptz not null default now(),
      resolved_at timestamptz,
      resolution text
    )`.execute(db);
  await sql`create index exception_day on exception (client_id, business_date)`.execute(db);
  await sql`
    create table decision (
      decision_id text primary key,
      exception_id text not null references exception,
      client_id text not null,
      verb text not null,
      args jsonb not null,
      reason text not null,
      actor text not null,
      on_behalf_of text,
      via text not null,
      expected_version integer not null,
      input_hash text not null,
      difference_micros bigint,
      outcome text not null,
      decided_at timestamptz not null default now(),
      used_by_attempt integer
    )`.execute(db);
  await sql`create index decision_exception on decision (exception_id)`.execute(db);
  await sql`
    create table notice (
      notice_id text primary key,
      client_id text not null,
      exception_id text,
      kind text not null,
      recipients jsonb not null,
      message_id text not null,
      sent_at timestamptz not null default now()
    )`.execute(db);
}
