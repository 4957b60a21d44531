import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { WantedNight } from './nightly-schedule.ts';
import { ensureSchedules } from './schedules.ts';
import { businessDateKey, clientIdKey } from './search-attributes.ts';
import { startIncident, type WantedIncident } from './start-incident.ts';
import { startReview, type WantedReview } from './start-review.ts';

/** A run of one client's workflow that has ended, whichever way. */
export type EndedRun = {
  workflowId: string;
  runId: string;
  clientId: string;
  businessDate: string | null;
  status: string;
  closedAt: Date;
};
/** A run's history as protobuf (`temporal.api.history.v1.History`), which Temporal's own tools read. */
export type RunHistory = { binary: Buffer; events: number };

const PAGE = 200;

async function isRunning(client: Client, workflowId: string, runId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function runningOf(
  client: Client,
  type: 'reviewException' | 'handleIncident' | 'deliverOutbox',
): Promise<Set<string>> {
  const ids = new Set<string>();
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1_000 })) ids.add(workflowId);
  return ids;
}

async function* endedRuns(client: Client, since: Date | null): AsyncGenerator<EndedRun[]> {
  const closed = since ? ` AND CloseTime >= '${since.toISOString()}'` : '';
  const query = `ClientId IS NOT NULL AND ExecutionStatus != 'Running'${closed}`;
  let page: EndedRun[] = [];
  for await (const { workflowId, runId, status, closeTime, typedSearchAttributes } of client.workflow.list({
    query,
    pageSize: PAGE,
  })) {
    const clientId = typedSearchAttributes.get(clientIdKey);
    if (!clientId || !closeTime) continue;
    const businessDate = typedSearchAttributes.get(businessDateKey) ?? null;
    page.push({ workflowId, runId, clientId, businessDate, status: status.name, closedAt: closeTime });
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

async function readHistory(client: Client, { workflowId, runId }: EndedRun): Promise<RunHistory> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const binary = Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish());
  return { binary, events: history.events?.length ?? 0 };
}

/** What the care of an installation asks of Temporal. Lists come from visibility and may lag; every step bears that. */
export const installationOver = (client: Client) => ({
  ensureSchedules: (wanted: readonly WantedNight[]) => ensureSchedules(client, wanted),
  isRunning: (workflowId: string, runId: string) => isRunning(client, workflowId, runId),
  /** Workflow ids of the reviews that run. */
  runningReviews: () => runningOf(client, 'reviewException'),
  /** Workflow ids of the incidents that run. */
  runningIncidents: () => runningOf(client, 'handleIncident'),
  /** Workflow ids of the outboxes that run. */
  runningOutboxes: () => runningOf(client, 'deliverOutbox'),
  /** Starts the workflow of an incident; false where it runs after all. */
  startIncident: (wanted: WantedIncident) => startIncident(client, wanted),
  /** Starts a review; false where it runs after all. */
  startReview: (wanted: WantedReview) => startReview(client, wanted),
  /** Runs of clients that have ended since an instant, or since the server remembers, page by page. */
  endedRuns: (since: Date | null) => endedRuns(client, since),
  readHistory: (run: EndedRun) => readHistory(client, run),
});
export type Installation = ReturnType<typeof installationOver>;
