import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Of these runs, the ones whose history is not kept yet. */
export async function uncopiedRuns(db: Db, runIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ run_id: string }>`
    select run_id from unnest(${[...runIds]}::text[]) as ended(run_id)
    where not exists (select from workflow_history h where h.run_id = ended.run_id)`.execute(db);
  return new Set(rows.map((row) => row.run_id));
}

export type CopiedHistory = {
  workflowId: string;
  runId: string;
  clientId: string;
  businessDate: string | null;
  status: string;
  closedAt: Date;
  history: Buffer;
};

/** Keeps a run's history; false where it is kept already. */
export async function keepHistory(db: Db, one: CopiedHistory): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into workflow_history (workflow_id, run_id, client_id, business_date, status, history, closed_at)
    values (${one.workflowId}, ${one.runId}, ${one.clientId}, ${one.businessDate}, ${one.status}, ${one.history},
      ${one.closedAt})
    on conflict (run_id) do nothing`.execute(db);
  return numAffectedRows === 1n;
}
