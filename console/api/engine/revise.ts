import { randomUUID } from 'node:crypto';
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { rootCause, TypedSearchAttributes } from '@temporalio/common';
import type { CloseInput } from '../../../domain/close.ts';
import { clientIdKey } from '../../../infra/temporal/search-attributes.ts';
import { closeOptions, TASK_QUEUE } from '../../../infra/temporal/start-close.ts';
import type { previewRevision as previewRevisionWorkflow } from '../../../workflows/preview-day.ts';
import { Problem, unprocessable } from '../problem.ts';

const LONGEST = '10m';

type Day = Parameters<typeof previewRevisionWorkflow>[0];

/** Has a worker compute what a revision would come to. Throws a 422 problem that says what went wrong. */
export async function previewRevision(temporal: Client, day: Day) {
  try {
    return await temporal.workflow.execute<typeof previewRevisionWorkflow>('previewRevision', {
      workflowId: `preview/${day.clientId}/${randomUUID()}`,
      taskQueue: TASK_QUEUE,
      args: [day],
      workflowExecutionTimeout: LONGEST,
      typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: day.clientId }]),
      staticSummary: `Preview the revision of ${day.clientId} ${day.businessDate}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const detail = `${rootCause(error) ?? error.message} Nothing was kept.`;
    throw unprocessable('preview-failed', 'The revision could not be previewed', detail);
  }
}

/** Starts an attempt that revises: one of its own, because one that runs already has not been told to. */
export async function startRevision(
  temporal: Client,
  input: CloseInput,
): Promise<{ workflowId: string; runId: string }> {
  try {
    const options = { ...closeOptions(input), workflowIdConflictPolicy: 'FAIL' as const };
    const handle = await temporal.workflow.start('closeRevenue', options);
    return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Problem(
      409,
      'attempt-runs',
      'An attempt runs',
      `An attempt at ${input.clientId} ${input.businessDate} runs. Wait for it to end, look at what it came to, and revise then.`,
    );
  }
}
