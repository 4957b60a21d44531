import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Notes which variables of secrets are set where the workers run, by name; what was noted before is replaced. */
export async function noteSecretVariables(db: Db, names: readonly string[]): Promise<void> {
  await sql`
    insert into worker_environment (secret_variables) values (${[...names]})
    on conflict (only_one) do update set secret_variables = excluded.secret_variables, said_at = now()`.execute(db);
}

/** The variables of secrets that are set where the workers run; null before any worker has said so. */
export async function notedSecretVariables(db: Db): Promise<ReadonlySet<string> | null> {
  const { rows } = await sql<{ names: string[] }>`
    select secret_variables as names from worker_environment`.execute(db);
  return rows[0] ? new Set(rows[0].names) : null;
}
