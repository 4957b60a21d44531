import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { closeWorkflowId } from '../../../domain/ids.ts';

/** The run that closes a day now; undefined where none does, or where Temporal cannot be asked. */
export async function runningClose(temporal: Client, client: string, date: string): Promise<string | undefined> {
  try {
    const { status, runId } = await temporal.workflow.getHandle(closeWorkflowId(client, date)).describe();
    return status.name === 'RUNNING' ? runId : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
