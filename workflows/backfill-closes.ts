import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  continueAsNew,
  executeChild,
  isCancellation,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { addDays } from '../domain/calendar-date.ts';
import { closeChild } from './close-child.ts';
import { closeRevenue } from './close-revenue.ts';
import type { BackfillInput, CloseInput } from './messages.ts';

const LOOK_AGAIN_MS = 2_000;

/** Closes one client's days in order. A day that waits for a person, or fails, does not stop the next one. */
export async function backfillCloses(input: BackfillInput): Promise<void> {
  for (let date = input.from; date <= input.to; date = addDays(date, 1)) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof backfillCloses>({ ...input, from: date });
    setCurrentDetails(`${input.clientId}: closing ${date}, until ${input.to}`);
    await closeDay({
      clientId: input.clientId,
      businessDate: date,
      beginsAt: 'capture',
      cause: 'backfill',
      actor: input.actor,
    });
  }
}

/** An attempt that runs already is waited for; then the day is captured once more, which changes nothing if nothing changed. */
async function closeDay(input: CloseInput): Promise<void> {
  for (;;) {
    try {
      await executeChild(closeRevenue, { ...closeChild(input), workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const });
      return;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) return;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}
