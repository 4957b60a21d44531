import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Review } from '../activities/review/load-review.ts';
import { type ExceptionState, hasEnded } from '../domain/review.ts';
import type { ReviewInput } from './messages.ts';
import { notices, patient, sets } from './proxies.ts';
import { type Inbox, openInbox } from './review-inbox.ts';
import { enterStage } from './visibility.ts';

/**
 * Sees one exception through, for hours or months: the system tries first, then the owner is asked, then the deadline
 * passes. The row in Postgres is the truth; this workflow knows when to look and what comes next. Every turn of the loop
 * rests on something that happened, and the run continues as new when the server suggests it.
 */
export async function reviewException(input: ReviewInput): Promise<ExceptionState> {
  const inbox = openInbox(workflowInfo().runId);
  for (;;) {
    const review = await sets.loadReview(input.exceptionId);
    inbox.show(review);
    enterStage(review.state, `${input.clientId} ${input.businessDate}: ${review.message}`);
    if (await decide(input, inbox)) continue;
    if (hasEnded(review.state)) break;
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof reviewException>(input);
    await takeStep(input.exceptionId, review, inbox);
  }
  await condition(allHandlersFinished);
  return (await sets.loadReview(input.exceptionId)).state;
}

async function takeStep(exceptionId: string, review: Review, inbox: Inbox): Promise<unknown> {
  switch (review.state) {
    case 'healing':
      return review.healing ? heal(exceptionId, review, inbox) : notices.askOwner(exceptionId);
    case 'awaiting_decision':
      return awaitDecision(exceptionId, review, inbox);
    case 'overdue':
      return inbox.hear(review.lastAttempt, null);
    case 'deciding':
      return carryOut(exceptionId, review, inbox);
    case 'resolved':
    case 'rejected':
      return undefined;
  }
}

/** Takes what was decided meanwhile; true where something was. */
async function decide({ exceptionId }: ReviewInput, inbox: Inbox): Promise<boolean> {
  const queued = inbox.next();
  if (!queued) return false;
  queued.answer = await sets.recordDecision({ ...queued.input, exceptionId, via: queued.via });
  return true;
}

/** Runs the day anew after the policy's delay, unless a person is faster. */
async function heal(exceptionId: string, { reruns, rerunDelayMs, lastAttempt }: Review, inbox: Inbox): Promise<void> {
  if ((await inbox.hear(lastAttempt, rerunDelayMs)) !== 'timeout') return;
  await patient.startRerun({ exceptionId, reruns, after: lastAttempt });
  await inbox.hear(lastAttempt, null);
}

/** A timeout is an outcome: the exception is overdue and goes to whom the rules name. */
async function awaitDecision(exceptionId: string, { deadlineMs, lastAttempt }: Review, inbox: Inbox): Promise<void> {
  if (deadlineMs === null) await notices.askOwner(exceptionId);
  else if ((await inbox.hear(lastAttempt, deadlineMs - Date.now())) === 'timeout') await notices.escalate(exceptionId);
}

async function carryOut(exceptionId: string, { decided, lastAttempt }: Review, inbox: Inbox): Promise<void> {
  await patient.startDecided(exceptionId);
  await inbox.hear(decided?.afterAttempt ?? lastAttempt, null);
}
