import { ApplicationFailure, condition, log, setHandler } from '@temporalio/workflow';
import type { Review } from '../activities/review/load-review.ts';
import type { QueuedDecision } from '../activities/review/record-decision.ts';
import { type DecideAnswer, type DecideInput, readSignal, refusal } from '../domain/exception/decision.ts';
import { attemptEndedSignal, decideSignal, decideUpdate, handoffSettledSignal, reviewStateQuery } from './messages.ts';

export type Heard = 'decision' | 'attempt' | 'timeout';
type Queued = { decision: QueuedDecision; answer?: DecideAnswer };

/** What people and attempts say to a review. Handlers only queue; the main loop acts. */
export type Inbox = {
  /**
   * Looks at the exception as it is now: validators and queries answer by it, and what is heard from here on is news.
   */
  look(load: () => Promise<Review>): Promise<Review>;
  next(): Queued | undefined;
  /** Something was said that the last look may not have seen. */
  hasNews(): boolean;
  /**
   * Waits for a decision, for an attempt above `after` to end, for the hand-off to be settled, or for the time given.
   */
  hear(after: number, timeoutMs: number | null): Promise<Heard>;
};

/** A decision that was taken before may be sent again: its sender did not get the answer. */
function refuse(seen: Review | null, input: DecideInput): void {
  const reason = seen && refusal(seen, input);
  if (!reason) return;
  const details = [{ state: seen.state, version: seen.version }];
  throw ApplicationFailure.create({ message: reason, type: 'StaleDecision', details });
}

/** Registers the handlers; must run before the workflow's first await, or an update that came early is lost. */
export function openInbox(runId: string): Inbox {
  const queue: Queued[] = [];
  const known = new Set<string>();
  let seen: Review | null = null;
  /** False while a decision may have changed what was seen: only the record can refuse the next one then. */
  let isCurrent = false;
  let ended = 0;
  let endedAtLook = 0;
  let settled = 0;
  let settledAtLook = 0;
  let signals = 0;

  const push = (queued: Queued): void => {
    known.add(queued.decision.decisionId);
    queue.push(queued);
  };
  setHandler(reviewStateQuery, () => ({ state: seen?.state ?? null, version: seen?.version ?? 0 }));
  setHandler(attemptEndedSignal, (argument) => {
    ended = Math.max(ended, Number(argument?.attempt) || 0);
  });
  setHandler(handoffSettledSignal, () => {
    settled += 1;
  });
  setHandler(decideSignal, (argument) => {
    signals += 1;
    const read = readSignal(argument);
    if (!read) return log.warn('A signal named no verb and was left aside. Send {"verb":"approve","reason":"…"}.');
    const { verb, args, reason, version, identity } = read;
    push({
      decision: {
        decisionId: `signal/${runId}/${signals}`,
        verb,
        reason,
        args,
        actor: identity ?? '',
        onBehalfOf: null,
        expectedVersion: version ?? seen?.version ?? null,
        via: 'signal',
        signal: { runId, ordinal: signals },
      },
    });
  });
  setHandler(
    decideUpdate,
    async (input) => {
      const queued: Queued = { decision: { ...input, via: 'api' } };
      push(queued);
      await condition(() => queued.answer !== undefined);
      return queued.answer!;
    },
    { validator: (input) => (isCurrent && !known.has(input.decisionId) ? refuse(seen, input) : undefined) },
  );

  const ready = (after: number) => queue.length > 0 || settled > settledAtLook || ended > Math.max(after, endedAtLook);
  return {
    async look(load) {
      endedAtLook = ended;
      settledAtLook = settled;
      seen = await load();
      isCurrent = true;
      return seen;
    },
    next() {
      const queued = queue.shift();
      if (queued) isCurrent = false;
      return queued;
    },
    hasNews: () => ready(0),
    async hear(after, timeoutMs) {
      if (timeoutMs === null) await condition(() => ready(after));
      else if (!(await condition(() => ready(after), Math.max(timeoutMs, 1)))) return 'timeout';
      return queue.length > 0 ? 'decision' : 'attempt';
    },
  };
}
