import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import type { Review } from '../../activities/review/load-review.ts';
import { refusal } from '../../domain/exception/decision.ts';
import { type Ladder, nextStep } from '../../domain/exception/ladder.ts';
import { hasEnded, stateAfter, verbRow } from '../../domain/exception/table.ts';
import { type Fakes, fakeActivities, review } from './fake-activities.ts';

type DueMs = Ladder['dueMs'];

/** An exception in memory, as the activities of a review read and change it. */
export type FakeException = Fakes & {
  row: Review;
  /** Mails that went out, by what they were about: `asked`, `reminder` … */
  told: string[];
  /** Moves the steps that are to come. */
  setSteps(dueMs: DueMs): void;
  /** An attempt has ended and left the exception as `change` says. */
  attemptEnded(change: Partial<Review>): void;
};

const only = (overdue: number): DueMs => ({ hand_over: null, reminder: null, deputy: null, overdue });

/**
 * @param row the exception before anything happens
 * @param nowMs the server's time, which may be skipped
 * @param chain how long the owner has, or when each step comes of a question that is asked at an instant
 */
export function fakeException(
  row: Partial<Review>,
  nowMs: () => Promise<number>,
  chain: number | ((askedMs: number) => DueMs),
  own: Partial<Activities> = {},
): FakeException {
  const exception = { row: review(row), dueMs: only(0) };
  const told: string[] = [];
  const taken = new Set<string>();
  const change = (to: Partial<Review>): void => {
    exception.row = { ...exception.row, ...to };
  };
  const setSteps = (dueMs: DueMs): void => {
    exception.dueMs = dueMs;
    change({ deadlineMs: dueMs.overdue, next: nextStep(dueMs) });
  };
  const owe = (about: string, dueMs: number): void => {
    const noticeId = `e1/${about}`;
    if (!told.includes(about)) change({ owed: [...(exception.row.owed ?? []), { noticeId, dueMs }] });
  };
  const fakes = fakeActivities({
    loadReview: async () => exception.row,
    startRerun: async ({ reruns, after: newest }) => {
      if (reruns === exception.row.reruns) change({ reruns: reruns + 1, healing: false });
      if (exception.row.endedAttempt < newest) throw ApplicationFailure.create({ type: 'AttemptRunning' });
    },
    tellHealing: async () => {
      owe('healing', await nowMs());
      return [...(exception.row.owed ?? [])];
    },
    askOwner: async () => {
      const askedMs = await nowMs();
      change({ state: stateAfter(exception.row.state, 'ask')! });
      setSteps(typeof chain === 'number' ? only(askedMs + chain) : chain(askedMs));
      owe(`asked/${exception.row.version}`, askedMs);
    },
    climb: async ({ step, atMs }) => {
      if (exception.dueMs[step] !== atMs) return;
      setSteps(step === 'overdue' ? exception.dueMs : { ...exception.dueMs, [step]: null });
      if (step === 'overdue') change({ state: stateAfter(exception.row.state, 'pass_deadline')!, next: null });
      owe(step, await nowMs());
    },
    sendNotice: async (noticeId) => {
      told.push(noticeId.slice('e1/'.length));
      change({ owed: (exception.row.owed ?? []).filter((one) => one.noticeId !== noticeId) });
    },
    endReview: async () => {
      if (hasEnded(exception.row.state) && told.length > 0) owe('ended', await nowMs());
      return [...(exception.row.owed ?? [])];
    },
    escalate: async () => change({ state: 'overdue' }),
    recordDecision: async (input) => {
      const { state, version } = exception.row;
      const { verb, actor, reason } = input;
      const refused = refusal(exception.row, { ...input, expectedVersion: input.expectedVersion ?? version });
      if (taken.has(input.decisionId)) return { accepted: true, state, version, message: 'taken before' };
      if (refused) return { accepted: false, state, version, message: refused };
      taken.add(input.decisionId);
      const decided = { verb, afterAttempt: exception.row.endedAttempt };
      if (verbRow(verb).binds)
        change({ state: stateAfter(state, verb)!, version: version + 1, decided, last: { verb, actor, reason } });
      return { accepted: true, state: exception.row.state, version: exception.row.version, message: 'recorded' };
    },
    ...own,
  });
  return {
    ...fakes,
    told,
    setSteps,
    get row() {
      return exception.row;
    },
    attemptEnded: (to) => {
      const attempt = exception.row.endedAttempt + 1;
      // A question that is given back has no steps until it is asked anew.
      change({ endedAttempt: attempt, ...to, ...(to.deadlineMs === null && { next: null }) });
    },
  };
}
