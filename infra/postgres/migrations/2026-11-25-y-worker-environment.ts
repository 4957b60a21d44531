import { type Kysely, sql } from 'kysely';

/** What the workers said of their environment when the newest of them started: the names of secrets, never a value. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table worker_environment (
      only_one boolean primary key default true check (only_one),
      secret_variables text[] not null,
      said_at timestamptz not null default now()
    )`.execute(db);
  await sql`grant select on worker_environment to meshline_api`.execute(db);
}
