import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { incidentWorkflowId } from '../../domain/ids.ts';
import { businessDateKey, clientIdKey } from './search-attributes.ts';
import { TASK_QUEUE } from './start-close.ts';

/** `businessDate` is null for an incident that spans clients. */
export type WantedIncident = { incidentId: string; clientId: string; businessDate: string | null; title: string };

/** Starts the workflow that sees an incident through; false where it runs. */
export async function startIncident(client: Client, wanted: WantedIncident): Promise<boolean> {
  const { incidentId, clientId, businessDate, title } = wanted;
  try {
    await client.workflow.start('handleIncident', {
      workflowId: incidentWorkflowId(incidentId),
      taskQueue: TASK_QUEUE,
      args: [{ incidentId }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: [
        { key: clientIdKey, value: clientId },
        ...(businessDate === null ? [] : [{ key: businessDateKey, value: businessDate }]),
      ],
      staticSummary: `Incident: ${title}`.slice(0, 200),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
