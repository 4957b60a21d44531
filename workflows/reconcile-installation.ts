import { ApplicationFailure, patched, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { CareActivities } from '../activities/installation/index.ts';
import { messageOf } from './failures.ts';
import { heartbeatTimeout } from './proxies.ts';

/** Bounded: what a pass cannot repair now is the next one's. */
const care = proxyActivities<CareActivities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout,
  scheduleToCloseTimeout: '30m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});
const copying = proxyActivities<CareActivities>({
  startToCloseTimeout: '1h',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 3 },
});

/** Runs that began before look after no hand-offs. */
const HANDOFFS = 'handoff-deadlines';
/** Nor after outboxes. */
const OUTBOXES = 'outboxes';
/** Nor after lapsed days. */
const REVISIONS = 'revisions';

/** What a pass repaired; `copiedUntil` (ISO 8601) is where the next one begins to look for ended runs. */
export type ReconciledInstallation = {
  schedules: number;
  attempts: number;
  /** Hand-offs that were missed while nothing ran for them. */
  handoffs: number;
  reviews: number;
  incidents: number;
  /** Outboxes in which something waited and for which nothing ran. */
  outboxes: number;
  /** Clients with lapsed days that nobody had looked at. */
  revisions: number;
  histories: number;
  copiedUntil: string;
};

/** Where the last pass of the schedule came to; a pass by hand has none before it, and looks at everything. */
const copiedBefore = (): string | null =>
  (workflowInfo().lastResult as Partial<ReconciledInstallation> | undefined)?.copiedUntil ?? null;

/**
 * Finds what is missing in the installation and repairs it: schedules, attempts whose run is gone, deadlines of
 * hand-offs that have passed, reviews of open exceptions, workflows of incidents, outboxes, lapsed days, histories of
 * ended runs. One that fails does not keep the others from being repaired.
 */
export async function reconcileInstallation(): Promise<ReconciledInstallation> {
  const since = copiedBefore();
  const problems: string[] = [];
  const attempt = <T>(step: Promise<T>): Promise<T | undefined> =>
    step.catch((error: unknown) => void problems.push(messageOf(error)));
  const schedules = await attempt(care.repairSchedules());
  const attempts = await attempt(care.endLostAttempts());
  // Before the reviews: what is missed opens exceptions, and each must have one.
  const handoffs = patched(HANDOFFS) ? await attempt(care.passHandoffDeadlines()) : { missed: 0 };
  const reviews = await attempt(care.repairReviews());
  const incidents = patched('incidents') ? await attempt(care.repairIncidents()) : { started: [] };
  const outboxes = patched(OUTBOXES) ? await attempt(care.repairOutboxes()) : { woken: [] };
  const revisions = patched(REVISIONS) ? await attempt(care.repairRevisions()) : { started: [] };
  const histories = await attempt(copying.copyHistories({ since }));
  if (!schedules || !attempts || !handoffs || !reviews || !incidents || !outboxes || !revisions || !histories)
    throw ApplicationFailure.nonRetryable(`Not everything could be repaired: ${problems.join('; ')}`, 'NotRepaired');
  const repaired = {
    schedules: schedules.changed.length,
    attempts: attempts.ended.length,
    handoffs: handoffs.missed,
    reviews: reviews.started.length,
    incidents: incidents.started.length,
    outboxes: outboxes.woken.length,
    revisions: revisions.started.length,
    histories: histories.copied,
  };
  setCurrentDetails(JSON.stringify(repaired));
  return { ...repaired, copiedUntil: histories.until };
}
