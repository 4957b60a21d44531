import { type RawBuilder, sql } from 'kysely';
import { type CertificateState, NO_LONGER_COMPUTED, REPLACED } from '../../../domain/publish/certify.ts';
import type { AuditHead } from '../audit.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { DayInputs } from '../close/inputs.ts';
import type { Db } from '../connect.ts';

export type NewCertificate = {
  storeId: string;
  metric: string;
  state: CertificateState;
  evidence: Readonly<Record<string, unknown>>;
};

/** The numbers of a store and metric share one certificate. */
export type CertifiedGroup = Pick<NewCertificate, 'storeId' | 'metric'>;

/** When a certificate (of this alias) lapsed; null also where a later one merely took its place. */
export const lapsedAt = (alias: string): RawBuilder<Date | null> =>
  sql`case when ${sql.ref(`${alias}.lapse_reason`)} is distinct from ${REPLACED} then ${sql.ref(`${alias}.lapsed_at`)} end`;

/** Ends the standing of the certificates of these stores and metrics of a day; the numbers stay as they are. */
export async function lapseGroups(
  db: Db,
  { clientId, businessDate }: AttemptKey,
  groups: readonly CertifiedGroup[],
  reason: string,
): Promise<void> {
  if (groups.length === 0) return;
  const rows = groups.map((one) => ({ store_id: one.storeId, metric: one.metric }));
  await sql`
    update certificate c set lapsed_at = now(), lapse_reason = ${reason}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(store_id text, metric text)
    where c.client_id = ${clientId} and c.business_date = ${businessDate} and c.lapsed_at is null
      and c.store_id = g.store_id and c.metric = g.metric`.execute(db);
}

/** Says of what the day no longer computes why its lapsed certificate stays so: the number is as it was published. */
export async function noteDropped(
  db: Db,
  { clientId, businessDate }: AttemptKey,
  groups: readonly CertifiedGroup[],
): Promise<void> {
  if (groups.length === 0) return;
  const rows = groups.map((one) => ({ store_id: one.storeId, metric: one.metric }));
  await sql`
    update certificate c set lapse_reason = ${NO_LONGER_COMPUTED}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(store_id text, metric text)
    join current_certificate cc using (store_id, metric)
    where cc.client_id = ${clientId} and cc.business_date = ${businessDate} and c.certificate_id = cc.certificate_id
      and c.lapsed_at is not null`.execute(db);
}

/**
 * Certifies numbers that a person keeps as they were published: over the inputs that they were certified over last, for
 * those are what they say. A change after this one ends it like any other.
 */
export async function issueKept(
  db: Db,
  key: AttemptKey,
  kept: readonly (CertifiedGroup & { decision: Readonly<Record<string, unknown>> })[],
  head: AuditHead,
): Promise<void> {
  const rows = kept.map((one) => ({ store_id: one.storeId, metric: one.metric, decision: one.decision }));
  const current = sql`cc.client_id = ${key.clientId} and cc.business_date = ${key.businessDate}`;
  await sql`
    with kept as (
      insert into certificate (client_id, business_date, attempt, input_hash, last_entry_id, audit_sequence, audit_hash, store_id,
        metric, state, evidence)
      select c.client_id, c.business_date, ${key.attempt}, c.input_hash, c.last_entry_id, ${head.sequence}, ${head.hash}, c.store_id,
        c.metric, 'qualified', jsonb_set(c.evidence, '{decisions}',
          coalesce(c.evidence->'decisions', '[]') || jsonb_build_array(g.decision))
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(store_id text, metric text, decision jsonb)
      join current_certificate cc using (store_id, metric) join certificate c using (certificate_id)
      where ${current} and c.lapsed_at is not null
      returning certificate_id, store_id, metric
    ), batches as (
      insert into certificate_batch (certificate_id, batch_id, client_id)
      select k.certificate_id, b.batch_id, b.client_id from kept k join current_certificate cc using (store_id, metric)
      join certificate_batch b on b.certificate_id = cc.certificate_id where ${current}
    )
    update current_certificate cc set certificate_id = k.certificate_id from kept k
    where ${current} and cc.store_id = k.store_id and cc.metric = k.metric`.execute(db);
}

/**
 * Issues certificates over the day's present inputs. They name the batches that they rest on and the end of the audit
 * chain, so that neither can change without showing.
 */
export async function issueCertificates(
  db: Db,
  key: AttemptKey,
  certificates: readonly NewCertificate[],
  inputs: DayInputs,
  head: AuditHead,
): Promise<Map<string, bigint>> {
  if (certificates.length === 0) return new Map();
  const rows = certificates.map((one) => ({
    store_id: one.storeId,
    metric: one.metric,
    state: one.state,
    evidence: one.evidence,
  }));
  const issued = await sql<{ certificate_id: bigint; store_id: string; metric: string }>`
    insert into certificate (client_id, business_date, attempt, input_hash, last_entry_id, audit_sequence, audit_hash, store_id, metric,
      state, evidence)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, ${inputs.hash}, ${inputs.lastEntryId}, ${head.sequence}, ${head.hash}, r.*
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
