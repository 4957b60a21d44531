import type { Client } from '@temporalio/client';
import { type ExceptionState, hasEnded } from '../../../domain/exception/table.ts';
import { exceptionWorkflowId } from '../../../domain/ids.ts';
import { reviewToTell } from '../../../infra/temporal/start-review.ts';
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

type Decided = { exception_id: string; client_id: string; business_date: string; state: ExceptionState };

/**
 * Hands a decision to the exception's review: one update, which the review answers once it is recorded. Sent twice, it
 * is taken once. The review of one that has ended runs no more: it is started for what can still be said. Throws a 503
 * problem where no review runs, and where no worker answers.
 */
export async function decide(temporal: Client, row: Decided, input: DecideInput): Promise<DecideAnswer> {
  const { exception_id: exceptionId, client_id: clientId, business_date: businessDate } = row;
  const answer = await updateWorkflow(temporal, {
    workflowId: exceptionWorkflowId(exceptionId),
    update: decideUpdate,
    input,
    missing: () => noReview(exceptionId),
    ...(hasEnded(row.state) && { start: () => reviewToTell({ exceptionId, clientId, businessDate }) }),
  });
  if (!('refused' in answer)) return answer;
  // The validator of the review says what it is now, where a decision comes too late.
  const [present] = answer.details as [Pick<DecideAnswer, 'state' | 'version'>];
  return { ...present, accepted: false, message: answer.refused };
}
