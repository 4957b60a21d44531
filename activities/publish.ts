import type { DayStatus } from '../domain/close.ts';
import { finalAt } from '../domain/publish/finality.ts';
import { type Finding, findingsOf } from '../domain/publish/finding.ts';
import { type Group, groupOf, sortNumbers } from '../domain/publish/sort.ts';
import { isReconciledDay } from '../domain/publish/vouching.ts';
import { compileWithholding } from '../domain/publish/withhold.ts';
import { type AuditHead, appendAudit } from '../infra/postgres/audit.ts';
import { lockDay, markStage } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import { readInputs, rememberedInputs } from '../infra/postgres/close/inputs.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { emitPublished } from '../infra/postgres/events/numbers.ts';
import { linkSources } from '../infra/postgres/handoff/sources.ts';
import { issueCertificates, lapseGroups } from '../infra/postgres/publish/certificates.ts';
import { publishedBefore, settleDay } from '../infra/postgres/publish/day.ts';
import { exceptionId } from '../infra/postgres/publish/exceptions.ts';
import { insertNumbers, latestNumbers } from '../infra/postgres/publish/numbers.ts';
import { exceptionsFoundBy } from '../infra/postgres/publish/open-exceptions.ts';
import { storeWithheld, type WithheldNumber } from '../infra/postgres/publish/withheld.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { postAdjustments, standLocked } from './publish-adjustments.ts';
import { certificatesOf } from './publish-certificates.ts';
import { forWithholding, type PublishingDay, readPublishingDay } from './publish-day.ts';
import {
  type JudgedFindings,
  judgeFindings,
  type OpenedException,
  openedOf,
  settleExceptions,
} from './publish-findings.ts';
import { type JudgedChanges, judgeChanges, type Sorted } from './publish-revisions.ts';

export type PublishedDay = {
  /** The inputs moved between the reading and the publishing; nothing was published and the day is to be normalized anew. */
  inputsChanged: boolean;
  status: DayStatus;
  published: number;
  withheld: number;
  exceptions: readonly OpenedException[];
};

/** A day runs on while the system heals by itself; then it waits for as long as an exception is open. */
function statusOf(day: PublishingDay, opened: readonly OpenedException[], { withheld }: Sorted): DayStatus {
  if (opened.some((one) => one.healing)) return 'running';
  if (opened.length > 0) return 'waiting';
  const shown = new Set(day.model.document.report.metrics);
  return [...withheld.keys()].some((one) => shown.has(one.metric)) ? 'partially_published' : 'published';
}

/** The metrics that one finding holds back, whatever else holds them back too. */
function metricsWithheldBy(day: PublishingDay, finding: Finding): string[] {
  const withhold = compileWithholding({ ...forWithholding(day), findings: [finding] });
  return [...new Set(day.values.filter((value) => withhold(value)?.finding).map((value) => value.metric))];
}

function withheldNumbers({ key }: PublishingDay, { withheld }: Sorted): WithheldNumber[] {
  return [...withheld].map(([{ storeId, metric, dimension, member }, { reason, finding }]) => ({
    storeId,
    metric,
    dimension,
    member,
    reason,
    exceptionId: finding && exceptionId(key.clientId, key.businessDate, finding),
  }));
}

/** What a day publishes, certifies and leaves. */
type Outcome = { judged: JudgedFindings; sorted: Sorted; changes: JudgedChanges };

/** The versions that an attempt publishes: the first ones, and those of what is revised. */
function versionsOf({ sorted, changes }: Outcome) {
  const held = new Set(changes.held.map(groupOf));
  const first = sorted.fresh
    .filter((one) => !held.has(groupOf(one)))
    .map((value) => ({ ...value, version: 1, basis: 'first' as const, reason: null }));
  const revised = changes.revisions.map(({ value, before, basis, reason }) => ({
    ...value,
    version: before.version + 1,
    basis,
    reason,
  }));
  return [...first, ...revised];
}

/** Publishes new versions and certifies what stands; what is published and no longer holds loses its certificate. */
async function publishNumbers(tx: Tx, day: PublishingDay, outcome: Outcome, head: AuditHead): Promise<number> {
  const { key, model, catalog } = day;
  const { sorted, judged, changes } = outcome;
  const held = new Set([...changes.held, ...changes.standing].map(groupOf));
  const certifiable = sorted.open.filter((one) => !held.has(groupOf(one)));
  const forsaken: Group[] = [...sorted.shut, ...changes.held, ...changes.standing];
  await lapseGroups(tx, key, forsaken, 'the number that is published no longer holds');
  await lapseGroups(tx, key, certifiable, 'replaced by a later certificate');
  const certificates = certificatesOf(day, certifiable, judged.accepted, changes.released);
  const issued = await issueCertificates(tx, key, certificates, day.inputs, head);
  const numbers = versionsOf(outcome).map((one) => ({
    ...one,
    certificateId: issued.get(groupOf(one))!,
    finalAt: finalAt(model.document, catalog, one.metric, key.businessDate),
  }));
  await insertNumbers(tx, key, numbers);
  await storeWithheld(tx, key, withheldNumbers(day, sorted));
  return numbers.length;
}

const namesOf = (numbers: Iterable<{ metric: string }>): string[] => [
  ...new Set([...numbers].map((one) => one.metric)),
];

const bothOf = (one: JudgedFindings, other: JudgedFindings): JudgedFindings => ({
  standing: [...one.standing, ...other.standing],
  accepted: [...one.accepted, ...other.accepted],
});

/** The revised metrics, each with its reasons. */
const revisedIn = ({ revisions }: JudgedChanges): Record<string, string[]> =>
  Object.fromEntries(
    [...Map.groupBy(revisions, (one) => one.value.metric)].map(([metric, own]) => [
      metric,
      [...new Set(own.map((one) => one.reason))],
    ]),
  );

async function publishInTransaction({ secrets }: Deps, tx: Tx, day: PublishingDay): Promise<PublishedDay> {
  const { clientId, businessDate, attempt } = day.key;
  const judged = await judgeFindings(tx, day, findingsOf(day.model.document, day.checks, day.controls));
  const withhold = compileWithholding({ ...forWithholding(day), findings: judged.standing });
  const computed = sortNumbers(day.values, await latestNumbers(tx, clientId, businessDate), withhold);
  const sorted = standLocked(day, computed);
  const changes = await judgeChanges(tx, day, sorted, judged.accepted);
  const found = bothOf(judged, changes.judged);
  const settled = await settleExceptions(tx, day, found, (finding) =>
    finding.kind === 'revision' ? namesOf(changes.held) : metricsWithheldBy(day, finding),
  );
  const versions = versionsOf({ judged, sorted, changes });
  const adjusted = await postAdjustments(tx, day, computed, changes.held, versions);
  await linkSources(tx, day.key);
  const status = statusOf(day, settled.opened, sorted);
  await settleDay(tx, day.key, {
    status,
    modelVersion: day.model.version,
    inputHash: day.inputs.hash,
    lapsed: changes.held.length > 0,
  });
  // Certificates name the end of the audit chain, so the row comes before them; nothing else locks after the head.
  const head = await appendAudit(tx, secrets.auditKey, {
    clientId,
    businessDate,
    attempt,
    actor: 'meshline',
    action: 'day.published',
    subject: businessDate,
    detail: {
      status,
      reconciled: isReconciledDay(day.controls),
      published: versions.filter((one) => one.version === 1).length,
      ...(changes.revisions.length > 0 && { revised: revisedIn(changes) }),
      withheld: namesOf(sorted.withheld.keys()),
      changed: namesOf(changes.held),
      ...(adjusted && { adjusted }),
      exceptions: settled.opened.map((one) => one.id),
      resolved: settled.resolved,
      accepted: found.accepted.map((one) => one.approval.decision_id),
      inputHash: day.inputs.hash,
    },
  });
  const published = await publishNumbers(tx, day, { judged, sorted, changes }, head);
  await emitPublished(tx, day.key, day.model.document);
  return { inputsChanged: false, status, published, withheld: sorted.withheld.size, exceptions: settled.opened };
}

const MOVED: PublishedDay = { inputsChanged: true, status: 'running', published: 0, withheld: 0, exceptions: [] };

/** What an earlier try has published stands: its answer was lost, not its work. */
async function answerOfEarlierTry(tx: Tx, key: DayKey, inputHash: string): Promise<PublishedDay | undefined> {
  const before = await publishedBefore(tx, key, inputHash);
  if (!before) return undefined;
  const exceptions = await exceptionsFoundBy(tx, key);
  return { inputsChanged: false, ...before, exceptions: exceptions.map(openedOf) };
}

/**
 * Publishes what may be published, in one transaction under the day's lock; an attempt publishes the same inputs once.
 * If an input moved since the values were computed, nothing is published: no certificate may stand over inputs that it
 * did not see.
 */
export function createPublish(deps: Deps) {
  return async function publishDay(key: DayKey): Promise<PublishedDay> {
    const model = await loadDayModel(deps.db, key);
    await markStage(deps.db, key, 'publish');
    return deps.db.transaction().execute(async (tx) => {
      await lockDay(tx, key.clientId, key.businessDate);
      const inputs = await readInputs(tx, key.clientId, key.businessDate);
      const computedFrom = await rememberedInputs(tx, key.clientId, key.businessDate, key.attempt);
      if (inputs.hash !== computedFrom) return MOVED;
      const before = await answerOfEarlierTry(tx, key, inputs.hash);
      return before ?? publishInTransaction(deps, tx, await readPublishingDay(tx, key, model, inputs));
    });
  };
}
