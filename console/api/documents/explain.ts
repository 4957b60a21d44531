import { createHash } from 'node:crypto';
import { type Catalog, metricCatalog } from '../../../domain/metrics/catalog.ts';
import { governanceOf } from '../../../domain/publish/governance.ts';
import type { Db } from '../../../infra/postgres/connect.ts';
import { loadModel } from '../../../infra/postgres/model.ts';
import { postedAboutNumber } from '../../../infra/postgres/period/adjustments.ts';
import { itemsOfAttempt } from '../../../infra/postgres/read/day.ts';
import {
  type BatchRow,
  certifiedBatches,
  decisionsByIds,
  deliveriesOfDay,
  type ExplainedNumber,
  type NumberKey,
} from '../../../infra/postgres/read/explain.ts';
import { loadControlResults } from '../../../infra/postgres/reconcile/results.ts';
import type { ExplainDocument } from '../../../schemas/api/explain.ts';
import type { OperatingModel } from '../../../schemas/operating-model.ts';
import { instantText, valueText } from './amounts.ts';
import { controlDocument } from './control.ts';
import { standingOf } from './period-standing.ts';
import { versionsDocument } from './versions.ts';

type Explained = { key: NumberKey; number: ExplainedNumber; model: OperatingModel; catalog: Catalog };
/** Everything but what has to be computed. */
export type Explanation = Omit<ExplainDocument, 'recomputed'>;

function certifiedOf({ number }: Explained): Explanation['certified'] {
  return {
    state: number.lapsed_at ? 'lapsed' : number.state,
    issuedState: number.state,
    issuedAt: number.issued_at.toISOString(),
    attempt: number.attempt,
    lapsed: number.lapsed_at && {
      at: number.lapsed_at.toISOString(),
      reason: number.lapse_reason ?? 'an input changed',
    },
    inputHash: number.input_hash,
    modelVersion: number.evidence.modelVersion,
    audit: { sequence: String(number.audit_sequence), hash: number.audit_hash },
  };
}

function inputOf(source: string, batches: readonly BatchRow[]): Explanation['inputs'][number] {
  const digest = createHash('sha256');
  for (const one of batches) digest.update(one.content_hash);
  return {
    source,
    records: batches.filter((one) => one.standing).reduce((sum, one) => sum + one.records, 0),
    hash: digest.digest('hex'),
    captures: batches.map((one) => ({
      batch: one.batch_id,
      slot: one.slot,
      file: one.file_name,
      contentHash: one.content_hash.toString('hex'),
      records: one.records,
      capturedAt: one.captured_at.toISOString(),
    })),
  };
}

/** What the metric reads: of the day's captures, those of its sources. */
async function inputsOf(db: Db, { number }: Explained): Promise<Explanation['inputs']> {
  const read = (await certifiedBatches(db, number.certificate_id)).filter((one) =>
    Object.hasOwn(number.evidence.transforms, one.source_id),
  );
  return [...Map.groupBy(read, (one) => one.source_id)].map(([source, batches]) => inputOf(source, batches));
}

async function controlsOf(db: Db, { key, number, catalog }: Explained): Promise<Explanation['controls']> {
  const attempt = { clientId: key.clientId, businessDate: key.businessDate, attempt: number.attempt };
  const items = await itemsOfAttempt(db, key.clientId, key.businessDate, number.attempt);
  const own = (await loadControlResults(db, attempt)).filter(
    (one) => one.metric === key.metric && one.storeId === key.storeId,
  );
  return own.map((one) => controlDocument(one, items, catalog));
}

async function decisionsOf(db: Db, { number }: Explained): Promise<Explanation['decisions']> {
  const ids = (number.evidence.decisions ?? []).map((one) => one.decisionId);
  return (await decisionsByIds(db, ids)).map((one) => ({
    exception: one.exception_id,
    verb: one.verb,
    reason: one.reason,
    actor: one.actor,
    onBehalfOf: one.on_behalf_of,
    at: one.decided_at.toISOString(),
  }));
}

/** The mails that showed the metric; of another metric there are none. */
async function deliveriesOf(db: Db, { key, model }: Explained): Promise<Explanation['deliveries']> {
  if (!model.report.metrics.includes(key.metric)) return [];
  return (await deliveriesOfDay(db, key.clientId, key.businessDate)).map((one) => ({
    report: one.report_id,
    destination: one.destination_id,
    mode: one.mode,
    status: one.status,
    recipients: one.recipients,
    messageId: one.message_id,
    sentAt: instantText(one.sent_at),
  }));
}

const transformsOf = ({ number, model }: Explained): Explanation['transforms'] =>
  Object.entries(number.evidence.transforms).map(([transform, version]) => ({
    transform,
    version,
    owner: (model.owners.transforms[transform] ?? model.owners.transforms['*'])?.owner ?? 'nobody',
  }));

/** A published number with everything that it rests on, as its certificate names it. */
export async function explanationOf(db: Db, key: NumberKey, number: ExplainedNumber): Promise<Explanation> {
  const { document: model } = await loadModel(db, key.clientId, number.evidence.modelVersion);
  const catalog = metricCatalog(model);
  const explained = { key, number, model, catalog };
  const certified = certifiedOf(explained);
  return {
    client: key.clientId,
    store: key.storeId,
    metric: key.metric,
    title: catalog.get(key.metric)?.title ?? key.metric,
    owner: governanceOf(model, { source: null, metric: key.metric }).owner,
    definition: number.definition,
    slice: key.dimension === '' ? null : { dimension: key.dimension, member: key.member },
    businessDate: key.businessDate,
    version: number.version,
    value: valueText(number.value_micros, number.currency, { catalog, id: key.metric }),
    currency: number.currency,
    status: number.status,
    finality: number.finality,
    reason: number.reason,
    certificate: certified.state,
    publishedAt: number.published_at.toISOString(),
    certified,
    inputs: await inputsOf(db, explained),
    transforms: transformsOf(explained),
    checks: number.evidence.checks.map(({ checkId, severity, status }) => ({ check: checkId, severity, status })),
    controls: await controlsOf(db, explained),
    decisions: await decisionsOf(db, explained),
    deliveries: await deliveriesOf(db, explained),
    versions: await versionsDocument(db, key),
    ...(await standingOf(db, key.clientId, key.businessDate, catalog, postedAboutNumber(db, key))),
  };
}
