import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  executeChild,
  patched,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { addDays } from '../domain/calendar-date.ts';
import { retryDelayMs } from '../domain/retry.ts';
import { closeChild } from './close-child.ts';
import { closeRevenue } from './close-revenue.ts';
import type { BackfillInput } from './messages.ts';
import { sets } from './proxies.ts';

const LOOK_AGAIN = { firstMs: 2_000, coefficient: 1.5, longestMs: 60_000, maximumAttempts: Number.POSITIVE_INFINITY };

/**
 * Closes one client's days in order. A day that waits for a person, fails or is cancelled by itself does not stop the
 * next one. Its own cancellation cancels the day that runs and waits for its end.
 */
export async function backfillCloses(input: BackfillInput): Promise<void> {
  for (let date = input.from; date <= input.to; date = addDays(date, 1)) {
    setCurrentDetails(`${input.clientId}: closing ${date}, until ${input.to}`);
    await closeDay({ ...input, from: date });
  }
  if (patched('revisions')) await sets.startRevisions(input.clientId);
}

/**
 * An attempt that runs already is waited for; then the day is captured once more, which changes nothing if nothing
 * changed.
 */
async function closeDay(rest: BackfillInput): Promise<void> {
  for (let looks = 1; ; looks += 1) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof backfillCloses>(rest);
    if (await closeUnlessRunning(rest)) return;
    await sleep(retryDelayMs(LOOK_AGAIN, looks));
  }
}

/**
 * False where another attempt of the day still runs. However it ends, an attempt of its own is the end of the day's
 * turn.
 */
async function closeUnlessRunning({ clientId, from: businessDate, actor }: BackfillInput): Promise<boolean> {
  const input = { clientId, businessDate, beginsAt: 'capture', cause: 'backfill', actor } as const;
  try {
    await executeChild(closeRevenue, { ...closeChild(input), workflowIdReusePolicy: 'ALLOW_DUPLICATE' });
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    return !(error instanceof WorkflowExecutionAlreadyStartedError);
  }
  return true;
}
