import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { certificateWords } from '../../../domain/publish/certificate-words.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { loadModel } from '../../../infra/postgres/model.ts';
import { type DecisionOfNumber, decisionsByIds, type NumberKey } from '../../../infra/postgres/read/explain.ts';
import { type ToldRow, toldVersions, type VersionRow, versionsOf } from '../../../infra/postgres/read/versions.ts';
import { certificatesByIds, type DayCertificate } from '../../../infra/postgres/report/certificates.ts';
import type { ExplainedVersion } from '../../../schemas/api/explain-versions.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { instantText, valueText } from './amounts.ts';
import { changeOf } from './changes.ts';

/** Of so many of the newest versions the changed records are looked up: each may be a walk over the day's entries. */
const WITH_RECORDS = 10;

/** A version with the document that it was made under. */
export type ReadVersion = VersionRow & { model: OperatingModel; catalog: Catalog };

type Models = ReadonlyMap<number, OperatingModel>;

/** Each of the documents once that versions and certificates were made under. */
async function readModels(db: Db, clientId: string, versions: readonly number[]): Promise<Models> {
  const models = new Map<number, OperatingModel>();
  for (const version of new Set(versions)) models.set(version, (await loadModel(db, clientId, version)).document);
  return models;
}

function readVersion(row: VersionRow, models: Models): ReadVersion {
  const model = models.get(row.evidence.modelVersion)!;
  return { ...row, model, catalog: metricCatalog(model) };
}

const BY_ITSELF = {
  first: 'the first version',
  provisional: 'by itself, the number being provisional',
  tolerance: 'by itself, within its tolerance',
  planned: 'planned',
  decision: 'by a decision',
} as const satisfies Record<VersionRow['basis'], string>;

/** The decision that released a version: the latest of those on its certificate that the one before does not have. */
function decisionOf(row: VersionRow, before: VersionRow | undefined, decisions: readonly DecisionOfNumber[]) {
  const known = new Set(before?.evidence.decisions?.map((one) => one.decisionId));
  const own = new Set(row.evidence.decisions?.map((one) => one.decisionId));
  return decisions.filter((one) => own.has(one.decision_id) && !known.has(one.decision_id)).at(-1);
}

function decidedOf(
  row: VersionRow,
  before: VersionRow | undefined,
  decisions: readonly DecisionOfNumber[],
): ExplainedVersion['decided'] {
  const decision = row.basis === 'decision' ? decisionOf(row, before, decisions) : undefined;
  return {
    how: BY_ITSELF[row.basis],
    actor: decision?.actor ?? (row.basis === 'planned' ? row.started_by : null),
    onBehalfOf: decision?.on_behalf_of ?? row.planned?.onBehalfOf ?? null,
    reason: decision?.reason ?? row.planned?.reason ?? null,
    exception: decision?.exception_id ?? null,
    at: instantText(decision?.decided_at ?? null),
    audit: { sequence: String(row.audit_sequence), hash: row.audit_hash },
  };
}

const toldOf = (row: ToldRow): ExplainedVersion['told'][number] => ({
  destination: row.destination_id,
  kind: row.kind,
  report: row.report_id,
  businessDate: row.business_date,
  status: row.status,
  recipients: row.recipients.length,
  messageId: row.message_id,
  at: instantText(row.sent_at),
});

function wordsOf({ metric, businessDate }: NumberKey, models: Models, certificate: DayCertificate): string {
  const model = models.get(certificate.modelVersion)!;
  const title = metricCatalog(model).get(metric)?.title ?? metric;
  return certificateWords({ model, metric: { title }, businessDate }, certificate);
}

/** Every version of a number: what changed from the one before, who decided, and who was told. */
export async function versionsDocument(db: Db, key: NumberKey): Promise<ExplainedVersion[]> {
  const stored = await versionsOf(db, key);
  const ids = stored.flatMap(({ evidence }) => (evidence.decisions ?? []).map((one) => one.decisionId));
  const decisions = await decisionsByIds(db, ids);
  const told = await toldVersions(db, key);
  const standing = stored.map((row) => row.standing_certificate_id);
  const certificates = await certificatesByIds(db, key.clientId, key.businessDate, standing);
  const models = await readModels(db, key.clientId, [
    ...stored.map(({ evidence }) => evidence.modelVersion),
    ...certificates.map((one) => one.modelVersion),
  ]);
  const rows = stored.map((row) => readVersion(row, models));
  const documents: ExplainedVersion[] = [];
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1];
    const certificate = certificates.find((one) => one.certificateId === row.standing_certificate_id)!;
    documents.push({
      version: row.version,
      definition: row.definition,
      value: valueText(row.value_micros, row.currency, { catalog: row.catalog, id: key.metric }),
      currency: row.currency,
      status: row.status,
      finality: row.finality,
      reason: row.reason,
      basis: row.basis,
      publishedAt: row.published_at.toISOString(),
      attempt: row.attempt,
      certificate: certificate.lapsed === null ? certificate.state : 'lapsed',
      certificateWords: wordsOf(key, models, certificate),
      decided: decidedOf(row, before, decisions),
      change: before ? await changeOf(db, key, before, row, rows.length - at <= WITH_RECORDS) : null,
      told: told.filter((one) => one.version === row.version).map(toldOf),
    });
  }
  return documents;
}
