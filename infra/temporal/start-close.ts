import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { CloseInput } from '../../domain/close.ts';
import { closeWorkflowId } from '../../domain/ids.ts';
import { businessDateKey, clientIdKey, closeStageKey } from './search-attributes.ts';

/** The queue that all of Meshline's workers serve. */
export const TASK_QUEUE = 'meshline';

const attributesOf = (input: CloseInput): TypedSearchAttributes =>
  new TypedSearchAttributes([
    { key: clientIdKey, value: input.clientId },
    { key: businessDateKey, value: input.businessDate },
    { key: closeStageKey, value: 'open' },
  ]);

/** What a close is started with, whoever starts it: one run at a time under the day's id, and a line for the Temporal UI. */
export const closeOptions = (input: CloseInput) => ({
  workflowId: closeWorkflowId(input.clientId, input.businessDate),
  taskQueue: TASK_QUEUE,
  args: [input] as [CloseInput],
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  typedSearchAttributes: attributesOf(input),
  staticSummary: `Close ${input.clientId} ${input.businessDate} (${input.cause})`,
});

/** Starts an attempt at a day, or joins the one that runs. */
export async function startOrJoinClose(
  client: Client,
  input: CloseInput,
): Promise<{ workflowId: string; runId: string }> {
  const handle = await client.workflow.start('closeRevenue', {
    ...closeOptions(input),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
}

/** Starts an attempt of its own; answers false where another one still runs. */
export async function startOwnClose(client: Client, input: CloseInput): Promise<boolean> {
  try {
    await client.workflow.start('closeRevenue', { ...closeOptions(input), workflowIdConflictPolicy: 'FAIL' });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
