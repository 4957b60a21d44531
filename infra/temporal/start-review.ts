import { type Client, WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import { businessDateKey, clientIdKey } from './search-attributes.ts';
import { TASK_QUEUE } from './start-close.ts';

export type WantedReview = { exceptionId: string; clientId: string; businessDate: string };

const optionsOf = ({ exceptionId, clientId, businessDate }: WantedReview) => ({
  workflowId: exceptionWorkflowId(exceptionId),
  taskQueue: TASK_QUEUE,
  args: [{ exceptionId, clientId, businessDate }],
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  typedSearchAttributes: [
    { key: clientIdKey, value: clientId },
    { key: businessDateKey, value: businessDate },
  ],
  staticSummary: `Exception of ${clientId} ${businessDate}, started anew`,
});

/** Starts the review of an exception; false where it runs. */
export async function startReview(client: Client, wanted: WantedReview): Promise<boolean> {
  try {
    await client.workflow.start('reviewException', { ...optionsOf(wanted), workflowIdConflictPolicy: 'FAIL' });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** A review to send something to, whether it runs or not. One that has ended looks again, takes it, and ends again. */
export const reviewToTell = (wanted: WantedReview): WithStartWorkflowOperation<() => Promise<unknown>> =>
  new WithStartWorkflowOperation('reviewException', { ...optionsOf(wanted), workflowIdConflictPolicy: 'USE_EXISTING' });
