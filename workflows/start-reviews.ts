import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { OpenedDay } from '../activities/open-attempt.ts';
import type { OpenedException } from '../activities/publish-findings.ts';
import { exceptionWorkflowId } from '../domain/ids.ts';
import { reviewException } from './review-exception.ts';
import { businessDateKey, clientIdKey } from './visibility.ts';

type Day = Pick<OpenedDay, 'clientId' | 'businessDate'>;

async function startReview(day: Day, exception: OpenedException): Promise<void> {
  const { clientId, businessDate } = day;
  try {
    await startChild(reviewException, {
      workflowId: exceptionWorkflowId(exception.id),
      args: [{ exceptionId: exception.id, clientId, businessDate }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: new TypedSearchAttributes([
        { key: clientIdKey, value: clientId },
        { key: businessDateKey, value: businessDate },
      ]),
      staticSummary: `${exception.kind} of ${clientId} ${businessDate}: ${exception.subject}`.slice(0, 200),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * Every open exception has a review of its own, which outlives the attempt. One that runs already hears of the
 * attempt's end.
 */
export async function startReviews(day: Day, exceptions: readonly OpenedException[]): Promise<void> {
  await Promise.all(exceptions.map((exception) => startReview(day, exception)));
}
