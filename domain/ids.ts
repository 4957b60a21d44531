/** The workflow of one client's day; every attempt runs under it. */
export const closeWorkflowId = (clientId: string, businessDate: string): string => `close/${clientId}/${businessDate}`;

/** The workflow of one exception. */
export const exceptionWorkflowId = (exceptionId: string): string => `exception/${exceptionId}`;

/** The workflow that tries what may mend an exception. */
export const fixesWorkflowId = (exceptionId: string): string => `fixes/${exceptionId}`;

/** The workflow that closes a client's lapsed days anew. */
export const revisionsWorkflowId = (clientId: string): string => `revise/${clientId}`;

/** The workflow of one incident. */
export const incidentWorkflowId = (incidentId: string): string => `incident/${incidentId}`;

/** The workflow that sends what waits for one destination of a client. */
export const outboxWorkflowId = (clientId: string, destinationId: string): string =>
  `deliver/${clientId}/${destinationId}`;

/** The workflow that closes a range of days. */
export const backfillWorkflowId = (clientId: string, from: string, to: string): string =>
  `backfill/${clientId}/${from}/${to}`;

/** The nightly schedule of one client. */
export const scheduleId = (clientId: string): string => `nightly/${clientId}`;

/** The care of the installation: its schedule, and the workflow that the schedule starts. */
export const RECONCILE_ID = 'installation/reconcile';

/** Takes a close's workflow id apart again; null for any other id. */
export function parseCloseWorkflowId(id: string): { clientId: string; businessDate: string } | null {
  const match = /^close\/([^/]+)\/(\d{4}-\d{2}-\d{2})$/.exec(id);
  return match ? { clientId: match[1]!, businessDate: match[2]! } : null;
}

/** Search attributes by which runs are found in Temporal; all keywords. */
export const SEARCH_ATTRIBUTES = {
  clientId: 'ClientId',
  businessDate: 'BusinessDate',
  closeStage: 'CloseStage',
} as const;
