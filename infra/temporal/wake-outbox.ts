import type { Client } from '@temporalio/client';
import { outboxWorkflowId } from '../../domain/ids.ts';
import type { Outbox } from '../postgres/delivery/outbox.ts';
import { clientIdKey } from './search-attributes.ts';
import { TASK_QUEUE } from './start-close.ts';

/**
 * Tells an outbox that something waits in it, and starts it where it does not run: one call, so that a run that is
 * about to end either hears of it or is followed by another.
 */
export async function wakeOutbox(client: Client, { clientId, destinationId }: Outbox): Promise<void> {
  await client.workflow.signalWithStart('deliverOutbox', {
    workflowId: outboxWorkflowId(clientId, destinationId),
    taskQueue: TASK_QUEUE,
    args: [{ clientId, destinationId }],
    signal: 'outbox-filled',
    signalArgs: [],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: [{ key: clientIdKey, value: clientId }],
    staticSummary: `Deliveries of ${clientId} to ${destinationId}`,
  });
}
