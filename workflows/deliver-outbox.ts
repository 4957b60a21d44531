import { continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { type OutboxInput, outboxFilledSignal } from './messages.ts';
import { outbox } from './proxies.ts';
import { startReviews } from './start-reviews.ts';
import { enterStage } from './visibility.ts';

/**
 * Sends what waits for one destination of a client, one after the other and the oldest first, until nothing does. What
 * waits is in Postgres; a receiver that is away is waited for by the retries of the activity, which add no history.
 */
export async function deliverOutbox(input: OutboxInput): Promise<{ left: number }> {
  let isFilled = true;
  setHandler(outboxFilledSignal, () => {
    isFilled = true;
  });
  enterStage('deliver', `What waits for ${input.destinationId} is sent to it, in order`);
  for (let left = 0; ; ) {
    isFilled = false;
    const one = await outbox.sendQueued(input);
    if (one) {
      left += 1;
      await startReviews({ clientId: input.clientId, businessDate: one.businessDate }, one.exceptions);
    } else if (!isFilled) return { left };
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliverOutbox>(input);
  }
}
