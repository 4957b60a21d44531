import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { lapsedAt } from '../publish/certificates.ts';
import { finalityNow } from '../publish/finality.ts';

export type NumberKey = {
  clientId: string;
  businessDate: string;
  metric: string;
  storeId: string;
  dimension: string;
  member: string;
};
export type Evidence = {
  modelVersion: number;
  transforms: Record<string, number>;
  checks: { checkId: string; status: string; severity: string }[];
  controls: { control: string; status: string; message: string }[];
  decisions?: { decisionId: string }[];
  rates?: unknown[];
};
export type ExplainedNumber = {
  definition: string;
  version: number;
  value_micros: bigint | null;
  currency: string | null;
  status: 'published' | 'undefined';
  finality: 'provisional' | 'final';
  reason: string | null;
  published_at: Date;
  certificate_id: string;
  state: 'reconciled' | 'qualified' | 'unreconciled';
  input_hash: string;
  attempt: number;
  evidence: Evidence;
  audit_sequence: bigint;
  audit_hash: string;
  issued_at: Date;
  lapsed_at: Date | null;
  lapse_reason: string | null;
};

const placeOf = (key: NumberKey) => sql`
  client_id = ${key.clientId} and business_date = ${key.businessDate} and metric = ${key.metric} and store_id = ${key.storeId}`;

/**
 * A published number with what certifies it: the present version by the present certificate, an earlier one by its own.
 * That a later certificate took its place says nothing against a version.
 */
export async function findExplained(
  db: Db,
  key: NumberKey,
  version: number | null,
): Promise<ExplainedNumber | undefined> {
  const { rows } = await sql<ExplainedNumber>`
    select n.definition, n.version, n.value_micros, n.currency, n.status, ${finalityNow('n')} as finality, n.reason, n.published_at,
      c.certificate_id::text as certificate_id, c.state, c.input_hash, c.attempt, c.evidence, c.audit_sequence, c.audit_hash,
      c.issued_at, ${lapsedAt('c')} as lapsed_at, c.lapse_reason
    from (select *, max(version) over () as present from published_number
        where ${placeOf(key)} and dimension = ${key.dimension} and member = ${key.member}) n
    join certificate c on c.certificate_id = case when n.version = n.present
      then coalesce((select cc.certificate_id from current_certificate cc where ${placeOf(key)}), n.certificate_id)
      else n.certificate_id end
    where n.version = coalesce(${version}::int, n.present)`.execute(db);
  return rows[0];
}

/** Why a number is not there: what withheld it in the attempt that the day rests on. */
export async function withheldReason(db: Db, key: NumberKey): Promise<string | undefined> {
  const { rows } = await sql<{ reason: string }>`
    select reason from withheld_number
    where ${placeOf(key)} and dimension = ${key.dimension} and member = ${key.member}
    order by attempt desc limit 1`.execute(db);
  return rows[0]?.reason;
}

export type BatchRow = {
  batch_id: string;
  source_id: string;
  slot: string;
  file_name: string;
  content_hash: Buffer;
  records: number;
  captured_at: Date;
  /** The last capture of its slot among the certificate's. */
  standing: boolean;
};

/** The captures that a certificate rests on, by source and in their order. */
export async function certifiedBatches(db: Db, certificateId: string): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`
    select b.batch_id::text as batch_id, b.source_id, b.slot, b.file_name, b.content_hash, b.records, b.captured_at,
      row_number() over (partition by b.source_id, b.slot order by b.sequence desc) = 1 as standing
    from certificate_batch cb join capture_batch b using (batch_id)
    where cb.certificate_id = ${certificateId}::bigint
    order by b.source_id, b.batch_id`.execute(db);
  return rows;
}

export type DecisionOfNumber = {
  decision_id: string;
  exception_id: string;
  verb: string;
  reason: string;
  actor: string;
  on_behalf_of: string | null;
  decided_at: Date;
};

export async function decisionsByIds(db: Db, ids: readonly string[]): Promise<DecisionOfNumber[]> {
  const { rows } = await sql<DecisionOfNumber>`
    select decision_id, exception_id, verb, reason, actor, on_behalf_of, decided_at from decision
    where decision_id = any(${[...ids]}) order by decided_at`.execute(db);
  return rows;
}

export type DeliveryOfDay = {
  report_id: string;
  destination_id: string;
  report_version: string;
  attempt: number;
  mode: string;
  status: string;
  recipients: string[];
  message_id: string;
  sent_at: Date | null;
};

export async function deliveriesOfDay(db: Db, clientId: string, date: string): Promise<DeliveryOfDay[]> {
  const { rows } = await sql<DeliveryOfDay>`
    select report_id, destination_id, report_version, attempt, mode, status, recipients, message_id, sent_at from delivery
    where client_id = ${clientId} and business_date = ${date} and kind = 'report' order by delivery_id`.execute(db);
  return rows;
}
