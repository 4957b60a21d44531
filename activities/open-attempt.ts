import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { type CloseInput, type DayStatus, isSettled } from '../domain/close.ts';
import { parseDuration } from '../domain/duration.ts';
import type { RetryTerms } from '../domain/retry.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import { attemptOfRun, endAbandoned, insertAttempt, lockDay } from '../infra/postgres/close/attempt.ts';
import type { Db } from '../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../infra/postgres/model.ts';
import { rebaseFixes } from '../infra/postgres/remediation/rebase.ts';
import type { RetryPolicy } from '../schemas/operating-model.ts';
import type { Deps } from './deps.ts';
import { openDayHandoffs } from './handoff/open.ts';

/** What the process needs to know of the day; rows and documents stay in Postgres. */
export type OpenedDay = {
  clientId: string;
  businessDate: string;
  attempt: number;
  modelVersion: number;
  beginsAt: CloseInput['beginsAt'];
  clientName: string;
  sources: readonly { id: string; retry: RetryTerms }[];
  /** Status before this attempt; null on the first. */
  before: DayStatus | null;
  /** Nothing but a changed input can change the day's outcome. */
  settled: boolean;
};

const termsOf = (retry: RetryPolicy): RetryTerms => ({
  firstMs: parseDuration(retry.initialInterval).ms,
  coefficient: retry.backoffCoefficient,
  longestMs: parseDuration(retry.maximumInterval).ms,
  maximumAttempts: retry.maximumAttempts,
});

function currentRun(): { runId: string; workflowId: string } {
  const execution = activityInfo().workflowExecution;
  if (!execution) throw new Error('an attempt belongs to a workflow run');
  return execution;
}

async function requireModel(db: Db, input: CloseInput): Promise<number> {
  const version = await effectiveVersion(db, input.clientId, input.businessDate);
  if (version !== undefined) return version;
  throw ApplicationFailure.nonRetryable(
    `No operating model of client ${input.clientId} is effective on ${input.businessDate}. Apply one with an earlier effectiveFrom.`,
    'NoEffectiveModel',
  );
}

/**
 * Allocates the attempt's number. Idempotent on the run: a retry of this activity finds the attempt that it made.
 */
export function createOpenAttempt({ db, secrets }: Deps) {
  return async function openAttempt(input: CloseInput): Promise<OpenedDay> {
    const { runId, workflowId } = currentRun();
    const modelVersion = await requireModel(db, input);
    const { document } = await loadModel(db, input.clientId, modelVersion);
    const opened = await db.transaction().execute(async (tx) => {
      const day = await lockDay(tx, input.clientId, input.businessDate);
      const existing = await attemptOfRun(tx, runId);
      if (existing) return existing;
      await endAbandoned(tx, input.clientId, input.businessDate);
      const attempt = day.attempt + 1;
      const before = day.attempt === 0 ? null : day.status;
      const settled = isSettled(day.status) && !day.lapsed && day.model_version === modelVersion;
      await rebaseFixes(tx, input, await loadModel(tx, input.clientId, modelVersion));
      await insertAttempt(tx, { ...input, attempt, runId, workflowId, modelVersion, before, settled });
      const handoffs = await openDayHandoffs(tx, input, document);
      await appendAudit(tx, secrets.auditKey, {
        clientId: input.clientId,
        businessDate: input.businessDate,
        attempt,
        actor: input.actor,
        action: 'attempt.opened',
        subject: workflowId,
        detail: {
          cause: input.cause,
          beginsAt: input.beginsAt,
          modelVersion,
          runId,
          ...(handoffs > 0 && { handoffs }),
        },
      });
      return { attempt, before, settled };
    });
    return {
      clientId: input.clientId,
      businessDate: input.businessDate,
      modelVersion,
      beginsAt: input.beginsAt,
      clientName: document.client.name,
      sources: document.sources.map((source) => ({ id: source.id, retry: termsOf(source.contract.retry) })),
      ...opened,
    };
  };
}
