import { type Client, ServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { exceptionWorkflowId } from '../../../domain/ids.ts';
import { type DecideAnswer, type DecideInput, decideUpdate } from '../../../workflows/messages.ts';
import { Problem } from '../problem.ts';

const NOT_FOUND = 5;

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

/** What the review's validator says of a decision that comes too late; undefined for any other failure. */
function refusedBy(error: unknown): DecideAnswer | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type !== 'StaleDecision') return undefined;
  const [present] = cause.details as [Pick<DecideAnswer, 'state' | 'version'>];
  return { ...present, accepted: false, message: cause.message };
}

/**
 * Hands a decision to the exception's review: one update, which the review answers once it is recorded. Sent twice, it
 * is taken once. Throws a 503 problem where no review runs.
 */
export async function decide(temporal: Client, exceptionId: string, input: DecideInput): Promise<DecideAnswer> {
  const review = temporal.workflow.getHandle(exceptionWorkflowId(exceptionId));
  try {
    return await review.executeUpdate(decideUpdate, { args: [input], updateId: input.decisionId });
  } catch (error) {
    const refused = refusedBy(error);
    if (refused) return refused;
    throw isMissing(error) ? noReview(exceptionId) : error;
  }
}
