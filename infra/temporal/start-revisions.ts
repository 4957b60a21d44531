import type { Client } from '@temporalio/client';
import { revisionsWorkflowId } from '../../domain/ids.ts';
import { clientIdKey } from './search-attributes.ts';
import { TASK_QUEUE } from './start-close.ts';

/**
 * Starts the closing anew of a client's lapsed days. One that runs looks once more before it ends, so that nothing is
 * missed.
 */
export async function startRevisions(client: Client, clientId: string): Promise<void> {
  await client.workflow.signalWithStart('reviseDays', {
    workflowId: revisionsWorkflowId(clientId),
    taskQueue: TASK_QUEUE,
    args: [{ clientId }],
    signal: 'look-again',
    signalArgs: [],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: [{ key: clientIdKey, value: clientId }],
    staticSummary: `Revisions of ${clientId}`,
  });
}
