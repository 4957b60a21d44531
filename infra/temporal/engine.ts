import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { CloseInput } from '../../domain/close.ts';
import { exceptionWorkflowId, incidentWorkflowId } from '../../domain/ids.ts';
import type { Outbox } from '../postgres/delivery/outbox.ts';
import { startOwnClose } from './start-close.ts';
import { startIncident, type WantedIncident } from './start-incident.ts';
import { startRevisions } from './start-revisions.ts';
import { wakeOutbox } from './wake-outbox.ts';

/** Sends a signal to a run that may have ended: then there is nobody to tell. */
async function tell(client: Client, workflowId: string, signal: string, ...args: unknown[]): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(signal, ...args);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** What activities ask of Temporal, over the worker's client. */
export const engineOver = (client: Client) => ({
  startOwnClose: (input: CloseInput): Promise<boolean> => startOwnClose(client, input),
  signalAttemptEnded: (exceptionId: string, attempt: number): Promise<void> =>
    tell(client, exceptionWorkflowId(exceptionId), 'attempt-ended', { attempt }),
  signalHandoffSettled: (exceptionId: string): Promise<void> =>
    tell(client, exceptionWorkflowId(exceptionId), 'handoff-settled'),
  startRevisions: (clientId: string): Promise<void> => startRevisions(client, clientId),
  startIncident: async (wanted: WantedIncident): Promise<void> => void (await startIncident(client, wanted)),
  signalIncidentChanged: (incidentId: string): Promise<void> =>
    tell(client, incidentWorkflowId(incidentId), 'incident-changed'),
  wakeOutbox: (outbox: Outbox): Promise<void> => wakeOutbox(client, outbox),
  async signalIdentity(workflowId: string, { runId, ordinal }: { runId: string; ordinal: number }): Promise<string> {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const signals = (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    return signals.filter((one) => one.signalName === 'decide-signal')[ordinal - 1]?.identity ?? '';
  },
});
