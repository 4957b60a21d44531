import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // One row a hand-off, whoever tries it how often: what is handed over is its key. Guarded like every client table.
  await sql`
    create table handoff (
      handoff_id text primary key,
      client_id text not null references client,
      business_date date not null,
      kind text not null,
      subject text not null,
      contract text not null,
      sender text not null,
      receiver text not null,
      state text not null default 'pending',
      deadline timestamptz,
      opened_at timestamptz not null default now(),
      delivered_at timestamptz,
      acknowledged_at timestamptz,
      acknowledged_by text,
      exception_id text references exception,
      batch_id bigint references capture_batch,
      records integer,
      quarantined integer,
      payload_version text,
      payload jsonb,
      errors jsonb not null default '[]',
      unique (client_id, business_date, kind, subject),
      constraint handoff_kind check (kind in ('source', 'destination', 'person')),
      constraint handoff_state check (state in
        ('pending', 'delivered', 'late', 'acknowledged', 'refused', 'missed', 'forgiven'))
    )`.execute(db);
  await sql`create index handoff_due on handoff (deadline) where state = 'pending'`.execute(db);
  await sql`create index handoff_exception on handoff (exception_id) where exception_id is not null`.execute(db);
}
