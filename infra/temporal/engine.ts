import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { CloseInput } from '../../domain/close.ts';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import { startOwnClose } from './start-close.ts';

/** What activities ask of Temporal, over the worker's client. */
export const engineOver = (client: Client) => ({
  startOwnClose: (input: CloseInput): Promise<boolean> => startOwnClose(client, input),
  async signalAttemptEnded(exceptionId: string, attempt: number): Promise<void> {
    try {
      await client.workflow.getHandle(exceptionWorkflowId(exceptionId)).signal('attempt-ended', { attempt });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
});
