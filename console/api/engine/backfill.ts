import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { backfillWorkflowId } from '../../../domain/ids.ts';
import { clientIdKey } from '../../../infra/temporal/search-attributes.ts';
import { TASK_QUEUE } from '../../../infra/temporal/start-close.ts';
import type { BackfillInput } from '../../../workflows/messages.ts';

/** Starts closing a range of days, or joins the run that closes it already. */
export async function startOrJoinBackfill(temporal: Client, input: BackfillInput): Promise<string> {
  const { clientId, from, to } = input;
  const { workflowId } = await temporal.workflow.start('backfillCloses', {
    workflowId: backfillWorkflowId(clientId, from, to),
    taskQueue: TASK_QUEUE,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: new TypedSearchAttributes([{ key: clientIdKey, value: clientId }]),
    staticSummary: `Close ${clientId} from ${from} to ${to}`,
  });
  return workflowId;
}
