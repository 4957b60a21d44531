import { addDays } from '../domain/business-day.ts';
import type { CheckResult } from '../domain/checks/result.ts';
import type { DayStatus } from '../domain/close.ts';
import { type Catalog, metricCatalog } from '../domain/metrics/catalog.ts';
import { type Finding, findingsOf } from '../domain/publish/finding.ts';
import { sourcesOf } from '../domain/publish/streams.ts';
import { compileWithholding, type Withheld } from '../domain/publish/withhold.ts';
import type { ControlResult } from '../domain/reconcile.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import { loadCheckResults } from '../infra/postgres/checks/results.ts';
import { lockDay, markStage } from '../infra/postgres/close/attempt.ts';
import { readInputs, rememberedInputs } from '../infra/postgres/close/inputs.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { loadValues, type StoredValue } from '../infra/postgres/metrics/values.ts';
import { loadModel, type PinnedModel } from '../infra/postgres/model.ts';
import {
  type CertificateState,
  issueCertificates,
  type NewCertificate,
} from '../infra/postgres/publish/certificates.ts';
import { settleDay } from '../infra/postgres/publish/day.ts';
import { exceptionId } from '../infra/postgres/publish/exceptions.ts';
import { insertNumbers, latestNumbers } from '../infra/postgres/publish/numbers.ts';
import { storeWithheld, type WithheldNumber } from '../infra/postgres/publish/withheld.ts';
import { loadControlResults } from '../infra/postgres/reconcile/results.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { type OpenedException, settleFindings } from './publish-findings.ts';

export type PublishedDay = {
  /** The inputs moved between the reading and the publishing; nothing was published and the day is to be normalized anew. */
  inputsChanged: boolean;
  status: DayStatus;
  published: number;
  withheld: number;
  exceptions: readonly OpenedException[];
};

type Day = {
  key: DayKey;
  model: PinnedModel;
  catalog: Catalog;
  checks: readonly CheckResult[];
  controls: readonly Omit<ControlResult, 'items'>[];
  inputs: { hash: string; batches: readonly bigint[] };
};

/** A number is provisional until the settling windows of its sources have ended. */
function finalityOf(day: Day, metric: string, today: string): 'provisional' | 'final' {
  const sources = sourcesOf(day.model.document, day.catalog, metric);
  const open = day.model.document.sources.some(
    (source) => sources.has(source.id) && addDays(day.key.businessDate, source.settlingDays) >= today,
  );
  return open ? 'provisional' : 'final';
}

function certificateState(day: Day, accepted: readonly Finding[], value: StoredValue): CertificateState {
  const withhold = compileWithholding({ ...forWithholding(day), findings: accepted });
  if (withhold({ metric: value.metric, storeId: value.storeId, dimension: '', member: '' })?.finding)
    return 'qualified';
  const own = day.controls.filter((one) => one.metric === value.metric && one.storeId === value.storeId);
  return own.length > 0 && own.every((one) => one.status === 'matched') ? 'reconciled' : 'unreconciled';
}

const forWithholding = (day: Day) => ({
  model: day.model.document,
  catalog: day.catalog,
  date: day.key.businessDate,
  controls: day.controls,
});

function evidenceOf(day: Day, value: StoredValue): Record<string, unknown> {
  const sources = sourcesOf(day.model.document, day.catalog, value.metric);
  return {
    definition: value.definition,
    modelVersion: day.model.version,
    transforms: Object.fromEntries(Object.entries(day.model.transforms).filter(([id]) => sources.has(id))),
    batches: day.inputs.batches.map(String),
    checks: day.checks.map(({ checkId, status, severity }) => ({ checkId, status, severity })),
    controls: day.controls
      .filter((one) => one.metric === value.metric && one.storeId === value.storeId)
      .map((one) => ({ control: one.controlId, status: one.status, message: one.message })),
  };
}

const numberKey = (one: { store_id: string; metric: string; dimension: string; member: string }) =>
  JSON.stringify([one.store_id, one.metric, one.dimension, one.member]);
const valueKey = (one: StoredValue) => JSON.stringify([one.storeId, one.metric, one.dimension, one.member]);
const groupKey = (one: StoredValue) => `${one.storeId}/${one.metric}`;

type Sorted = {
  fresh: StoredValue[];
  certifiable: StoredValue[];
  changed: StoredValue[];
  withheld: Map<StoredValue, Withheld>;
};

/** Sorts the attempt's values: to publish, to certify again, changed since published, and withheld. */
async function sortValues(
  tx: Tx,
  day: Day,
  values: readonly StoredValue[],
  findings: readonly Finding[],
): Promise<Sorted> {
  const latest = await latestNumbers(tx, day.key.clientId, day.key.businessDate);
  const known = new Map(latest.map((row) => [numberKey(row), row.value_micros]));
  const withhold = compileWithholding({ ...forWithholding(day), findings });
  const sorted: Sorted = { fresh: [], certifiable: [], changed: [], withheld: new Map() };
  for (const value of values) {
    const reason = withhold(value);
    const before = known.get(valueKey(value));
    if (reason) sorted.withheld.set(value, reason);
    else if (before === undefined) sorted.fresh.push(value);
    else if (before !== value.valueMicros) sorted.changed.push(value);
  }
  const spoiled = new Set(sorted.changed.map(groupKey));
  sorted.certifiable = values.filter(
    (one) => one.dimension === '' && !sorted.withheld.has(one) && !spoiled.has(groupKey(one)),
  );
  return sorted;
}

/** A day runs on while the system heals by itself; then it waits for as long as an exception is open. */
function statusOf(opened: readonly OpenedException[], missing: number): DayStatus {
  if (opened.some((one) => one.healing)) return 'running';
  if (opened.length > 0) return 'waiting';
  return missing > 0 ? 'partially_published' : 'published';
}

const toWithheld = (day: Day, [value, { reason, finding }]: [StoredValue, Withheld]): WithheldNumber => ({
  storeId: value.storeId,
  metric: value.metric,
  dimension: value.dimension,
  member: value.member,
  reason,
  exceptionId: finding && exceptionId(day.key.clientId, day.key.businessDate, finding),
});

async function publishInTransaction({ secrets }: Deps, tx: Tx, day: Day, today: string): Promise<PublishedDay> {
  const { clientId, businessDate, attempt } = day.key;
  const values = await loadValues(tx, day.key);
  const findings = findingsOf(day.model.document, day.checks, day.controls);
  const settled = await settleFindings(tx, day, findings);
  const sorted = await sortValues(tx, day, values, settled.standing);
  const reportMetrics = new Set(day.model.document.report.metrics);
  const missing = [...sorted.withheld.keys()].filter((one) => reportMetrics.has(one.metric));
  const status = statusOf(settled.opened, missing.length);
  const head = await appendAudit(tx, secrets.auditKey, {
    clientId,
    businessDate,
    attempt,
    actor: 'meshline',
    action: 'day.published',
    subject: businessDate,
    detail: {
      status,
      published: sorted.fresh.length,
      withheld: [...new Set([...sorted.withheld.keys()].map((one) => one.metric))],
      changed: [...new Set(sorted.changed.map((one) => one.metric))],
      exceptions: settled.opened.map((one) => one.id),
      resolved: settled.resolved,
      inputHash: day.inputs.hash,
    },
  });
  const certificates: NewCertificate[] = sorted.certifiable.map((value) => ({
    storeId: value.storeId,
    metric: value.metric,
    state: certificateState(day, settled.accepted, value),
    evidence: evidenceOf(day, value),
  }));
  const issued = await issueCertificates(tx, day.key, certificates, day.inputs, head);
  const publishable = sorted.fresh.flatMap((value) => {
    const certificateId = issued.get(groupKey(value));
    return certificateId === undefined
      ? []
      : [{ ...value, certificateId, finality: finalityOf(day, value.metric, today) }];
  });
  await insertNumbers(tx, day.key, publishable);
  await storeWithheld(
    tx,
    day.key,
    [...sorted.withheld].map((one) => toWithheld(day, one)),
  );
  await settleDay(tx, day.key, {
    status,
    modelVersion: day.model.version,
    inputHash: day.inputs.hash,
    lapsed: sorted.changed.length > 0,
  });
  return {
    inputsChanged: false,
    status,
    published: publishable.length,
    withheld: sorted.withheld.size,
    exceptions: settled.opened,
  };
}

/**
 * Publishes what may be published, in one transaction under the day's lock. If an input moved since the values were
 * computed, nothing is published: no certificate may stand over inputs that it did not see.
 */
export function createPublish(deps: Deps) {
  return async function publishDay(key: DayKey): Promise<PublishedDay> {
    const model = await loadModel(deps.db, key.clientId, key.modelVersion);
    await markStage(deps.db, key, 'publish');
    const today = new Date().toISOString().slice(0, 10);
    return deps.db.transaction().execute(async (tx) => {
      await lockDay(tx, key.clientId, key.businessDate);
      const inputs = await readInputs(tx, key.clientId, key.businessDate);
      if (inputs.hash !== (await rememberedInputs(tx, key.clientId, key.businessDate, key.attempt)))
        return { inputsChanged: true, status: 'running', published: 0, withheld: 0, exceptions: [] };
      const catalog = metricCatalog(model.document);
      const checks = await loadCheckResults(tx, key);
      const controls = await loadControlResults(tx, key);
      return publishInTransaction(deps, tx, { key, model, catalog, checks, controls, inputs }, today);
    });
  };
}
