import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { Review } from '../activities/review/load-review.ts';
import { type DecideAnswer, type DecideInput, refusal } from '../domain/review.ts';
import { attemptEndedSignal, decideSignal, decideUpdate, reviewStateQuery } from './messages.ts';

export type Heard = 'decision' | 'attempt' | 'timeout';
type Queued = { input: DecideInput; via: 'api' | 'signal'; answer?: DecideAnswer };

/** What people and attempts say to a review. Handlers only queue; the main loop acts. */
export type Inbox = {
  /** Shows the exception as it is now: validators and queries answer by it. */
  show(review: Review): void;
  next(): Queued | undefined;
  /** Waits for a decision, for an attempt above `after` to end, or for the time given. */
  hear(after: number, timeoutMs: number | null): Promise<Heard>;
};

/** Registers the handlers; must run before the workflow's first await, or an update that came early is lost. */
export function openInbox(runId: string): Inbox {
  const queue: Queued[] = [];
  let seen: Review | null = null;
  let endedAttempt = 0;
  let signals = 0;

  setHandler(reviewStateQuery, () => ({ state: seen?.state ?? null, version: seen?.version ?? 0 }));
  setHandler(attemptEndedSignal, ({ attempt }) => {
    endedAttempt = Math.max(endedAttempt, attempt);
  });
  setHandler(decideSignal, ({ verb, reason, identity }) => {
    signals += 1;
    const decisionId = `signal/${runId}/${signals}`;
    const actor = `temporal:${identity ?? 'unnamed'}`;
    const input = { decisionId, verb, reason, actor, args: {}, onBehalfOf: null, expectedVersion: seen?.version ?? 0 };
    queue.push({ input, via: 'signal' });
  });
  setHandler(
    decideUpdate,
    async (input) => {
      const queued: Queued = { input, via: 'api' };
      queue.push(queued);
      await condition(() => queued.answer !== undefined);
      return queued.answer!;
    },
    {
      validator(input) {
        const reason = seen && refusal(seen, input.expectedVersion);
        if (reason)
          throw ApplicationFailure.create({
            message: reason,
            type: 'StaleDecision',
            details: [{ state: seen!.state, version: seen!.version }],
          });
      },
    },
  );

  const ready = (after: number) => queue.length > 0 || endedAttempt > after;
  return {
    show(review) {
      seen = review;
    },
    next: () => queue.shift(),
    async hear(after, timeoutMs) {
      if (timeoutMs === null) await condition(() => ready(after));
      else if (!(await condition(() => ready(after), Math.max(timeoutMs, 1)))) return 'timeout';
      return queue.length > 0 ? 'decision' : 'attempt';
    },
  };
}
