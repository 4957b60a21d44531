import type { Client } from '@temporalio/client';
import { incidentWorkflowId } from '../../../domain/ids.ts';
import { type IncidentAnswer, type IncidentInput, incidentUpdate } from '../../../workflows/messages.ts';
import { Problem } from '../problem.ts';
import { updateWorkflow } from './update.ts';

function notRunning(incidentId: string): Problem {
  return new Problem(
    503,
    'incident-missing',
    'The workflow of the incident does not run',
    `No workflow ${incidentWorkflowId(incidentId)} runs, so nothing was done. The installation's reconcile restarts it within minutes; try again then.`,
  );
}

/**
 * Hands what a person does to the incident's workflow: one update, which it answers once it is recorded. Sent twice, it
 * is taken once. Throws a 503 problem where no workflow runs, and where no worker answers.
 */
export async function handleIncident(
  temporal: Client,
  incidentId: string,
  input: IncidentInput,
): Promise<IncidentAnswer> {
  const answer = await updateWorkflow(temporal, {
    workflowId: incidentWorkflowId(incidentId),
    update: incidentUpdate,
    input,
    missing: () => notRunning(incidentId),
  });
  if (!('refused' in answer)) return answer;
  const [present] = answer.details as [Pick<IncidentAnswer, 'state'>];
  return { ...present, accepted: false, message: answer.refused };
}
