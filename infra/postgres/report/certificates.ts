import { sql } from 'kysely';
import type {
  CertificateFacts,
  CertifiedDecision,
  ComparedControl,
} from '../../../domain/publish/certificate-words.ts';
import { controlSubject } from '../../../domain/publish/finding.ts';
import type { Db } from '../connect.ts';
import { lapsedAt } from '../publish/certificates.ts';

/** A certificate of a metric and store, lapsed or not. */
export type DayCertificate = CertificateFacts & { certificateId: string; metric: string; modelVersion: number };

type DecisionRow = {
  decisionId: string;
  actor?: string;
  reason?: string;
  finding?: string;
  differenceMicros?: string | null;
  currency?: string | null;
  kept?: boolean;
};
type CertificateRow = {
  certificate_id: string;
  store_id: string;
  metric: string;
  attempt: number;
  model_version: number;
  state: CertificateFacts['state'];
  lapsed: string | null;
  decisions: DecisionRow[];
};
type ControlRow = {
  attempt: number;
  control_id: string;
  store_id: string;
  metric: string;
  slice: string;
  status: ComparedControl['status'];
  difference_micros: bigint | null;
  currency: string | null;
  read_at: Date | null;
};

/** An accepted difference is in the currency of the control that found it. */
const decisionOf = (
  { actor, reason, finding, differenceMicros, currency, kept = false }: DecisionRow,
  currencies: ReadonlyMap<string, string | null>,
): CertifiedDecision => ({
  actor: actor ?? null,
  reason: reason ?? null,
  finding: finding ?? null,
  differenceMicros: differenceMicros == null ? null : BigInt(differenceMicros),
  currency: currency ?? currencies.get(finding ?? '') ?? null,
  kept,
});

const controlOf = (row: ControlRow): ComparedControl => ({
  controlId: row.control_id,
  slice: row.slice === '' ? null : row.slice,
  status: row.status,
  differenceMicros: row.difference_micros,
  currency: row.currency,
  readAt: row.read_at,
});

const subjectOf = ({ control_id, store_id, slice }: ControlRow): string => controlSubject(control_id, store_id, slice);

/** What the attempts of these certificates compared, with when the other side's total was read. */
async function comparedBy(db: Db, clientId: string, date: string, attempts: readonly number[]): Promise<ControlRow[]> {
  const { rows } = await sql<ControlRow>`
    select r.attempt, r.control_id, r.store_id, r.metric, r.slice, r.status, r.difference_micros, r.currency, t.read_at
    from control_result r left join source_total t on t.source_total_id = r.source_total_id
    where r.client_id = ${clientId} and r.business_date = ${date} and r.attempt = any(${[...attempts]})
    order by r.control_id, r.slice`.execute(db);
  return rows;
}

async function withControls(
  db: Db,
  clientId: string,
  date: string,
  certificates: readonly CertificateRow[],
): Promise<DayCertificate[]> {
  const attempts = new Set(certificates.map((one) => one.attempt));
  const keyOf = (one: ControlRow | CertificateRow) => `${one.attempt}/${one.store_id}/${one.metric}`;
  const compared = await comparedBy(db, clientId, date, [...attempts]);
  const controls = Map.groupBy(compared, keyOf);
  const currencies = new Map(compared.map((one) => [subjectOf(one), one.currency]));
  return certificates.map((row) => ({
    certificateId: row.certificate_id,
    metric: row.metric,
    modelVersion: row.model_version,
    storeId: row.store_id,
    state: row.state,
    lapsed: row.lapsed,
    controls: (controls.get(keyOf(row)) ?? []).map(controlOf),
    decisions: row.decisions.map((one) => decisionOf(one, currencies)),
  }));
}

const columns = sql`c.certificate_id::text as certificate_id, c.store_id, c.metric, c.attempt, c.state, (c.evidence->>'modelVersion')::int as model_version,
  case when ${lapsedAt('c')} is not null then coalesce(c.lapse_reason, 'an input changed') end as lapsed,
  coalesce(c.evidence->'decisions', '[]') as decisions`;

/** The present certificates of a day, one a metric and store. */
export async function dayCertificates(db: Db, clientId: string, date: string): Promise<DayCertificate[]> {
  const { rows } = await sql<CertificateRow>`
    select ${columns} from current_certificate cc join certificate c using (certificate_id)
    where cc.client_id = ${clientId} and cc.business_date = ${date}`.execute(db);
  return withControls(db, clientId, date, rows);
}

/** The certificates of these ids, all of one client and day. */
export async function certificatesByIds(
  db: Db,
  clientId: string,
  date: string,
  ids: readonly string[],
): Promise<DayCertificate[]> {
  const { rows } = await sql<CertificateRow>`
    select ${columns} from certificate c
    where c.client_id = ${clientId} and c.business_date = ${date} and c.certificate_id = any(${[...ids]}::bigint[])
    order by c.certificate_id`.execute(db);
  return withControls(db, clientId, date, rows);
}
