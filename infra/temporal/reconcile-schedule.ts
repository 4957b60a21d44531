import type { Client, ScheduleOptions, WorkflowHandle } from '@temporalio/client';
import { RECONCILE_ID } from '../../domain/ids.ts';
import { ensureSchedule } from './schedules.ts';
import { TASK_QUEUE } from './start-close.ts';

const EVERY_MS = 5 * 60_000;

/** A pass that was missed needs no making up: the next one repairs what both would have found. */
const reconcileSchedule: ScheduleOptions = {
  scheduleId: RECONCILE_ID,
  spec: { intervals: [{ every: EVERY_MS, offset: 0 }], calendars: [], jitter: 0 },
  policies: { overlap: 'SKIP', catchupWindow: 60_000, pauseOnFailure: false },
  action: {
    type: 'startWorkflow',
    workflowType: 'reconcileInstallation',
    workflowId: RECONCILE_ID,
    taskQueue: TASK_QUEUE,
    args: [],
    staticSummary: 'Repairs what is missing in the installation',
  },
};

/** Creates or repairs the schedule by which the installation looks after itself; true where something was changed. */
export const ensureReconcileSchedule = (client: Client): Promise<boolean> => ensureSchedule(client, reconcileSchedule);

/** Has the next pass of the schedule come at once: something is to be told that no run hands on. */
export const hastenReconcile = (client: Client): Promise<void> =>
  client.schedule.getHandle(RECONCILE_ID).trigger('BUFFER_ONE');

/**
 * Starts a pass over the whole installation at once, or joins one that was started so. Its result says what was
 * repaired; a start-up need not wait for it.
 */
export const reconcileNow = (client: Client): Promise<WorkflowHandle> =>
  client.workflow.start('reconcileInstallation', {
    workflowId: `${RECONCILE_ID}/now`,
    taskQueue: TASK_QUEUE,
    args: [],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: 'Repairs what is missing in the installation, now',
  });
