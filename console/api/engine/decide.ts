import {
  type Client,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { exceptionWorkflowId } from '../../../domain/ids.ts';
import { type DecideAnswer, type DecideInput, decideUpdate } from '../../../workflows/messages.ts';
import { Problem } from '../problem.ts';

const NOT_FOUND = 5;
/** A worker answers within moments; without one the decision waits in Temporal, and the person need not. */
const ANSWERED_WITHIN_MS = 20_000;

const isMissing = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  (error instanceof ServiceError && Number((error.cause as { code?: unknown } | undefined)?.code) === NOT_FOUND);

function noReview(exceptionId: string): Problem {
  return new Problem(
    503,
    'review-missing',
    'The review of the exception does not run',
    `No workflow ${exceptionWorkflowId(exceptionId)} runs, so nothing was decided. The installation's reconcile restarts it within minutes; decide again then.`,
  );
}

function unanswered(decisionId: string): Problem {
  return new Problem(
    503,
    'decision-unanswered',
    'The decision was handed over and not answered',
    `No worker has taken decision ${decisionId} yet. Send it again under the same decisionId: it is taken once.`,
  );
}

/** What the review's validator says of a decision that comes too late; undefined for any other failure. */
function refusedBy(error: unknown): DecideAnswer | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'StaleDecision') return undefined;
  const [present] = cause.details as [Pick<DecideAnswer, 'state' | 'version'>];
  return { ...present, accepted: false, message: cause.message };
}

/**
 * Hands a decision to the exception's review: one update, which the review answers once it is recorded. Sent twice, it
 * is taken once. Throws a 503 problem where no review runs, and where no worker
 * answers.
 */
export async function decide(temporal: Client, exceptionId: string, input: DecideInput): Promise<DecideAnswer> {
  const review = temporal.workflow.getHandle(exceptionWorkflowId(exceptionId));
  try {
    const update = () => review.executeUpdate(decideUpdate, { args: [input], updateId: input.decisionId });
    return await temporal.withDeadline(Date.now() + ANSWERED_WITHIN_MS, update);
  } catch (error) {
    const refused = refusedBy(error);
    if (refused) return refused;
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw unanswered(input.decisionId);
    throw isMissing(error) ? noReview(exceptionId) : error;
  }
}
