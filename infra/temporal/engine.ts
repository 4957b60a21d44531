import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { CloseInput } from '../../domain/close.ts';
import { exceptionWorkflowId, incidentWorkflowId } from '../../domain/ids.ts';
import type { Outbox } from '../postgres/delivery/outbox.ts';
import { startOwnClose } from './start-close.ts';
import { startIncident, type WantedIncident } from './start-incident.ts';
import { startRevisions } from './start-revisions.ts';
import { wakeOutbox } from './wake-outbox.ts';

/** What activities ask of Temporal, over the worker's client. */
export const engineOver = (client: Client) => ({
  startOwnClose: (input: CloseInput): Promise<boolean> => startOwnClose(client, input),
  async signalAttemptEnded(exceptionId: string, attempt: number): Promise<void> {
    try {
      await client.workflow.getHandle(exceptionWorkflowId(exceptionId)).signal('attempt-ended', { attempt });
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
  async signalHandoffSettled(exceptionId: string): Promise<void> {
    try {
      await client.workflow.getHandle(exceptionWorkflowId(exceptionId)).signal('handoff-settled');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
  startRevisions: (clientId: string): Promise<void> => startRevisions(client, clientId),
  startIncident: async (wanted: WantedIncident): Promise<void> => void (await startIncident(client, wanted)),
  async signalIncidentChanged(incidentId: string): Promise<void> {
    try {
      await client.workflow.getHandle(incidentWorkflowId(incidentId)).signal('incident-changed');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  },
  wakeOutbox: (outbox: Outbox): Promise<void> => wakeOutbox(client, outbox),
  async signalIdentity(workflowId: string, { runId, ordinal }: { runId: string; ordinal: number }): Promise<string> {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const signals = (events ?? []).flatMap((event) => event.workflowExecutionSignaledEventAttributes ?? []);
    return signals.filter((one) => one.signalName === 'decide-signal')[ordinal - 1]?.identity ?? '';
  },
});
