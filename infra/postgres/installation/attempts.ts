import { sql } from 'kysely';
import type { DayStatus } from '../../../domain/close.ts';
import type { Db } from '../connect.ts';

/** An attempt that has not ended, with the run that it belongs to. */
export type UnendedAttempt = {
  clientId: string;
  businessDate: string;
  attempt: number;
  before: DayStatus | null;
  workflowId: string;
  runId: string;
};

export async function unendedAttempts(db: Db): Promise<UnendedAttempt[]> {
  const { rows } = await sql<UnendedAttempt>`
    select client_id as "clientId", business_date as "businessDate", attempt, before_status as before,
      workflow_id as "workflowId", run_id as "runId"
    from attempt where ended_at is null order by client_id, business_date`.execute(db);
  return rows;
}
