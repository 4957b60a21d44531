import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Engine } from '../activities/deps.ts';
import { exceptionWorkflowId } from '../domain/ids.ts';
import { startOwnClose } from '../infra/temporal/start-close.ts';

/** What activities ask of Temporal, over the worker's client. */
export const engineOver = (client: Client): Engine => ({
  startOwnClose: (input) => startOwnClose(client, input),
  async signalAttemptEnded(exceptionId, attempt) {
    try {
      await client.workflow.getHandle(exceptionWorkflowId(exceptionId)).signal('attempt-ended', { attempt });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
});
