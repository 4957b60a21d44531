import { sql } from 'kysely';
import type { AuditHead } from '../audit.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

export type CertificateState = 'reconciled' | 'qualified' | 'unreconciled';
export type NewCertificate = {
  storeId: string;
  metric: string;
  state: CertificateState;
  evidence: Readonly<Record<string, unknown>>;
};

/**
 * Issues certificates over the day's present inputs. They name the batches that they rest on and the end of the audit
 * chain, so that neither can change without showing.
 */
export async function issueCertificates(
  db: Db,
  key: AttemptKey,
  certificates: readonly NewCertificate[],
  inputs: { hash: string; batches: readonly bigint[] },
  head: AuditHead,
): Promise<Map<string, bigint>> {
  const rows = certificates.map((one) => ({
    store_id: one.storeId,
    metric: one.metric,
    state: one.state,
    evidence: one.evidence,
  }));
  const issued = await sql<{ certificate_id: bigint; store_id: string; metric: string }>`
    insert into certificate (client_id, business_date, attempt, input_hash, audit_sequence, audit_hash, store_id, metric, state, evidence)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, ${inputs.hash}, ${head.sequence}, ${head.hash}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(store_id text, metric text, state text, evidence jsonb)
    returning certificate_id, store_id, metric`.execute(db);
  const ids = issued.rows.map((row) => String(row.certificate_id));
  await sql`
    insert into certificate_batch (certificate_id, batch_id, client_id)
    select c, b, ${key.clientId} from unnest(${ids}::bigint[]) c, unnest(${inputs.batches.map(String)}::bigint[]) b`.execute(
    db,
  );
  await sql`
    insert into current_certificate (client_id, business_date, metric, store_id, certificate_id)
    select client_id, business_date, metric, store_id, certificate_id from certificate where certificate_id = any(${ids}::bigint[])
    on conflict (client_id, business_date, metric, store_id) do update set certificate_id = excluded.certificate_id`.execute(
    db,
  );
  return new Map(issued.rows.map((row) => [`${row.store_id}/${row.metric}`, row.certificate_id]));
}
