import type { Client } from '@temporalio/client';
import { exceptionWorkflowId } from '../../../domain/ids.ts';
import { type DecideAnswer, type DecideInput, decideUpdate } from '../../../workflows/messages.ts';
import { Problem } from '../problem.ts';
import { updateWorkflow } from './update.ts';

function noReview(exceptionId: string): Problem {
  return new Problem(
    503,
    'review-missing',
    'The review of the exception does not run',
    `No workflow ${exceptionWorkflowId(exceptionId)} runs, so nothing was decided. The installation's reconcile restarts it within minutes; decide again then.`,
  );
}

/**
 * Hands a decision to the exception's review: one update, which the review answers once it is recorded. Sent twice, it
 * is taken once. Throws a 503 problem where no review runs, and where no worker
 * answers.
 */
export async function decide(temporal: Client, exceptionId: string, input: DecideInput): Promise<DecideAnswer> {
  const answer = await updateWorkflow(temporal, {
    workflowId: exceptionWorkflowId(exceptionId),
    update: decideUpdate,
    input,
    missing: () => noReview(exceptionId),
  });
  if (!('refused' in answer)) return answer;
  // The validator of the review says what it is now, where a decision comes too late.
  const [present] = answer.details as [Pick<DecideAnswer, 'state' | 'version'>];
  return { ...present, accepted: false, message: answer.refused };
}
