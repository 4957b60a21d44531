import { sql } from 'kysely';
import type { CheckResult } from '../../../domain/checks/result.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

/** Replaces an attempt's check results, so that a retried validation leaves one set. */
export async function storeCheckResults(db: Db, key: AttemptKey, results: readonly CheckResult[]): Promise<void> {
  await sql`
    delete from check_result where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(
    db,
  );
  const rows = results.map((one) => ({
    check_id: one.checkId,
    kind: one.kind,
    severity: one.severity,
    subject: one.subject,
    status: one.status,
    message: one.message,
    observed: one.observed,
  }));
  await sql`
    insert into check_result (client_id, business_date, attempt, check_id, kind, severity, subject, status, message, observed)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(check_id text, kind text, severity text, subject jsonb, status text, message text, observed jsonb)`.execute(
    db,
  );
}

type CheckRow = Omit<CheckResult, 'checkId'> & { check_id: string };

export async function loadCheckResults(db: Db, key: AttemptKey): Promise<CheckResult[]> {
  const { rows } = await sql<CheckRow>`
    select check_id, kind, severity, subject, status, message, observed from check_result
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}
    order by check_id, subject`.execute(db);
  return rows.map(({ check_id, ...rest }) => ({ checkId: check_id, ...rest }));
}
