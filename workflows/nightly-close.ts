import { defineSearchAttributeKey, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  patched,
  setCurrentDetails,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { DayStatus } from '../domain/close.ts';
import { closeChild } from './close-child.ts';
import { closeRevenue } from './close-revenue.ts';
import type { NightlyInput } from './messages.ts';
import { sets } from './proxies.ts';
import { businessDateKey } from './visibility.ts';

const scheduledStartKey = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** What a night did for its business day: `standing` names why it was left alone. */
export type NightOutcome = {
  businessDate: string;
  night: 'closed' | 'failed' | 'runs already' | 'left alone';
  standing: DayStatus | null;
};

/** The night's nominal time. The start itself can be moved by jitter, buffering, catch-up and backfill. */
function nominalTime(): string {
  const time = workflowInfo().typedSearchAttributes.get(scheduledStartKey);
  if (time) return time.toISOString();
  throw ApplicationFailure.nonRetryable(
    'A nightly close is started by its schedule, which says for which night. Use "meshline close run" for a single day.',
    'NoScheduledTime',
  );
}

/**
 * Starts the close of the business day that was over at the night's nominal time, and waits for it: so a schedule that
 * buffers keeps a client's days in their order. Then come the days whose inputs have changed. The close is the same one
 * that a person would start, and outlives this run.
 */
export async function nightlyClose({ clientId }: NightlyInput): Promise<NightOutcome> {
  const { businessDate, standing } = await sets.planNight({ clientId, scheduledAt: nominalTime() });
  upsertSearchAttributes([{ key: businessDateKey, value: businessDate }]);
  const night = standing ? 'left alone' : await closeDay(clientId, businessDate);
  if (patched('revisions')) await sets.startRevisions(clientId);
  setCurrentDetails(`${clientId} ${businessDate}: ${night}${standing ? `, the day is ${standing}` : ''}`);
  return { businessDate, night, standing };
}

async function closeDay(clientId: string, businessDate: string): Promise<NightOutcome['night']> {
  const input = { clientId, businessDate, beginsAt: 'capture', cause: 'schedule', actor: 'meshline' } as const;
  try {
    // A close that ended between the plan and this start stands too, unless it failed.
    const options = { ...closeChild(input), workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' as const };
    const close = await startChild(closeRevenue, options);
    return await close.result().then(
      () => 'closed' as const,
      () => 'failed' as const,
    );
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'runs already';
    throw error;
  }
}
