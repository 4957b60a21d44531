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

/** Asks a run to end; one that has ended by itself meanwhile need not be told. */
export async function cancelRun(temporal: Client, workflowId: string, runId: string): Promise<void> {
  try {
    await temporal.workflow.getHandle(workflowId, runId).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
