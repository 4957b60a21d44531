import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { AttemptEnding } from '../activities/finish-attempt.ts';
import type { OpenedDay } from '../activities/open-attempt.ts';
import type { CloseInput, CloseOutcome } from '../domain/close.ts';
import { captureSources } from './capture-sources.ts';
import { messageOf } from './failures.ts';
import { deliveries, rows, sets } from './proxies.ts';
import { startReviews } from './start-reviews.ts';
import { enterStage } from './visibility.ts';

/**
 * Closes one client's business day: one attempt, which never waits for a person. History is bounded by the number of
 * sources and their retries; what needs a decision lives on in the exceptions' own workflows.
 */
export async function closeRevenue(input: CloseInput): Promise<CloseOutcome> {
  // An attempt that was opened is also ended, so a cancellation may not fall between the two.
  const day = await CancellationScope.nonCancellable(() => sets.openAttempt(input));
  try {
    const ending = await closeDay(day);
    const status = await CancellationScope.nonCancellable(() => sets.finishAttempt(day, ending));
    enterStage(status, `${day.clientName} ${day.businessDate}: attempt ${day.attempt} ended, the day is ${status}`);
    return { attempt: day.attempt, status };
  } catch (error) {
    const how = isCancellation(error) ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => sets.finishAttempt(day, { how, error: messageOf(error) }));
    throw error;
  }
}

async function closeDay(day: OpenedDay): Promise<AttemptEnding> {
  const tell = (stage: string) =>
    enterStage(stage, `${day.clientName} ${day.businessDate}, attempt ${day.attempt}: ${stage}`);
  let standing = day.beginsAt === 'reconcile' && (await sets.carryOverDay(day));
  for (;;) {
    if (!standing) {
      tell('capture');
      const captured = await captureSources(day);
      if (day.settled && !(await sets.hasNews(day))) return { how: 'unchanged' };
      tell('normalize');
      await rows.normalizeDay(day);
      tell('validate');
      await rows.validateDay({ ...day, captured });
      tell('enrich');
      await sets.enrichDay(day);
    }
    tell('reconcile');
    await sets.reconcileDay(day);
    tell('publish');
    const published = await sets.publishDay(day);
    standing = false;
    if (published.inputsChanged) continue;
    // The exceptions are open now, whatever becomes of this attempt.
    await CancellationScope.nonCancellable(() => startReviews(day, published.exceptions));
    if (published.status !== 'running') {
      const { exceptions = [] } = await deliveries.deliverReport(day, published.status);
      await CancellationScope.nonCancellable(() => startReviews(day, exceptions));
    }
    return { how: 'finished', status: published.status };
  }
}
