import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import type { Review } from '../../activities/review/load-review.ts';
import { refusal, stateAfter } from '../../domain/review.ts';
import { type Fakes, fakeActivities, review } from './fake-activities.ts';

/** An exception in memory, as the activities of a review read and change it. */
export type FakeException = Fakes & {
  row: Review;
  /** An attempt has ended and left the exception as `change` says. */
  attemptEnded(change: Partial<Review>): void;
};

/**
 * @param row the exception before anything happens
 * @param nowMs the server's time, which may be skipped
 * @param decideWithinMs how long the owner has
 */
export function fakeException(
  row: Partial<Review>,
  nowMs: () => Promise<number>,
  decideWithinMs: number,
  own: Partial<Activities> = {},
): FakeException {
  const exception = { row: review(row) };
  const change = (to: Partial<Review>): void => {
    exception.row = { ...exception.row, ...to };
  };
  const taken = new Set<string>();
  const fakes = fakeActivities({
    loadReview: async () => exception.row,
    startRerun: async ({ reruns, after }) => {
      if (reruns === exception.row.reruns) change({ reruns: reruns + 1, healing: false });
      if (exception.row.endedAttempt < after) throw ApplicationFailure.create({ type: 'AttemptRunning' });
    },
    askOwner: async () => change({ state: 'awaiting_decision', deadlineMs: (await nowMs()) + decideWithinMs }),
    escalate: async () => change({ state: 'overdue' }),
    recordDecision: async (input) => {
      const { state, version } = exception.row;
      const refused = refusal({ state, version }, input.expectedVersion ?? version);
      if (taken.has(input.decisionId)) return { accepted: true, state, version, message: 'taken before' };
      if (refused) return { accepted: false, state, version, message: refused };
      taken.add(input.decisionId);
      const decided = { verb: input.verb, afterAttempt: exception.row.endedAttempt };
      change({ state: stateAfter(input.verb), version: version + 1, decided });
      return { accepted: true, state: exception.row.state, version: version + 1, message: 'recorded' };
    },
    ...own,
  });
  return {
    ...fakes,
    get row() {
      return exception.row;
    },
    attemptEnded: (to) => {
      const attempt = exception.row.endedAttempt + 1;
      change({ endedAttempt: attempt, ...to });
    },
  };
}
