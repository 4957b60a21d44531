import {
  type Client,
  ServiceError,
  type WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { Problem } from '../problem.ts';

const NOT_FOUND = 5;
/** A worker answers within moments; without one the decision waits in Temporal, and the person need not. */
const ANSWERED_WITHIN_MS = 20_000;

const isMissing = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError ||
  (error instanceof ServiceError && Number((error.cause as { code?: unknown } | undefined)?.code) === NOT_FOUND);

const unanswered = (decisionId: string): Problem =>
  new Problem(
    503,
    'decision-unanswered',
    'The decision was handed over and not answered',
    `No worker has taken decision ${decisionId} yet. Send it again under the same decisionId: it is taken once.`,
  );

/** What a validator says of a decision that comes too late, with the present state among its details. */
export type Refused = { refused: string; details: unknown[] };

type Wish<A, I extends { decisionId: string }> = {
  workflowId: string;
  update: UpdateDefinition<A, [I]>;
  input: I;
  missing: () => Problem;
  /** Starts the workflow where it does not run. */
  start?: () => WithStartWorkflowOperation<() => Promise<unknown>>;
};

/**
 * Hands a decision to a workflow that records it: one update, known by its decision's id. Throws a 503 problem where
 * the workflow does not run, and where no worker answers.
 */
export async function updateWorkflow<A, I extends { decisionId: string }>(
  temporal: Client,
  { workflowId, update, input, missing, start }: Wish<A, I>,
): Promise<A | Refused> {
  const handle = temporal.workflow.getHandle(workflowId);
  try {
    const options = { args: [input] as [I], updateId: input.decisionId };
    const send = () =>
      start
        ? temporal.workflow.executeUpdateWithStart(update, { ...options, startWorkflowOperation: start() })
        : handle.executeUpdate(update, options);
    return await temporal.withDeadline(Date.now() + ANSWERED_WITHIN_MS, send);
  } catch (error) {
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (cause instanceof ApplicationFailure && cause.type === 'StaleDecision')
      return { refused: cause.message, details: cause.details ?? [] };
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) throw unanswered(input.decisionId);
    throw isMissing(error) ? missing() : error;
  }
}
