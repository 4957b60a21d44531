import type { DayStatus } from '../domain/close.ts';
import { type Finding, findingsOf } from '../domain/publish/finding.ts';
import { sortNumbers } from '../domain/publish/sort.ts';
import { isReconciledDay } from '../domain/publish/vouching.ts';
import { compileWithholding } from '../domain/publish/withhold.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import { lockDay, markStage } from '../infra/postgres/close/attempt.ts';
import { loadDayModel } from '../infra/postgres/close/day-model.ts';
import { readInputs, rememberedInputs } from '../infra/postgres/close/inputs.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { emitPublished } from '../infra/postgres/events/numbers.ts';
import { linkSources } from '../infra/postgres/handoff/sources.ts';
import { publishedBefore, settleDay } from '../infra/postgres/publish/day.ts';
import { exceptionsFoundBy } from '../infra/postgres/publish/open-exceptions.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { postAdjustments, standLocked } from './publish-adjustments.ts';
import { acceptedOn } from './publish-certificates.ts';
import { forWithholding, type PublishingDay, readPublishingDay } from './publish-day.ts';
import {
  type JudgedFindings,
  judgeFindings,
  type OpenedException,
  openedOf,
  settleExceptions,
} from './publish-findings.ts';
import { publishNumbers, versionsOf } from './publish-numbers.ts';
import { memberReasons, type Sorted } from './publish-reasons.ts';
import { type JudgedChanges, judgeChanges, keptGroups } from './publish-revisions.ts';

export type PublishedDay = {
  /**
   * The inputs moved between the reading and the publishing; nothing was published and the day is to be normalized
   * anew.
   */
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
  const computed = sortNumbers(day.values, day.published, withhold);
  const sorted = standLocked(day, computed);
  const accepted = acceptedOn(day, judged.accepted);
  const changes = await judgeChanges(tx, day, sorted, accepted);
  const found = bothOf(judged, changes.judged);
  const settled = await settleExceptions(tx, day, found, (finding) =>
    finding.kind === 'revision' ? namesOf(changes.held) : metricsWithheldBy(day, finding),
  );
  const versions = versionsOf(sorted, changes, await memberReasons(tx, day, sorted));
  const adjusted = await postAdjustments(tx, day, computed, [...changes.held, ...keptGroups(changes)], versions);
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
      ...(changes.kept && { kept: namesOf(changes.kept.groups) }),
      ...(sorted.dropped.length > 0 && { dropped: namesOf(sorted.dropped) }),
      ...(adjusted && { adjusted }),
      exceptions: settled.opened.map((one) => one.id),
      resolved: settled.resolved,
      accepted: found.accepted.map((one) => one.approval.decision_id),
      inputHash: day.inputs.hash,
    },
  });
  await publishNumbers(tx, day, { sorted, changes, accepted, versions }, head);
  await emitPublished(tx, day.key, day.model.document);
  return {
    inputsChanged: false,
    status,
    published: versions.length,
    withheld: sorted.withheld.size,
    exceptions: settled.opened,
  };
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
