import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import type { OwedNotice, Review } from '../activities/review/load-review.ts';
import type { DecideAnswer } from '../domain/exception/decision.ts';
import { type ExceptionState, hasEnded } from '../domain/exception/table.ts';
import { isFailure, messageOf } from './failures.ts';
import type { ReviewInput } from './messages.ts';
import { notices, patient, sets } from './proxies.ts';
import { type Inbox, openInbox } from './review-inbox.ts';
import { type Notices, openNotices } from './review-notices.ts';
import { enterStage } from './visibility.ts';

/** An attempt says when it has ended. Where none came of a start, or its word was lost, the row is looked at again. */
const LOOK_AGAIN_MS = 60 * 60_000;

/** The newest attempt that the exception as it was read can tell of. */
const newestOf = ({ lastAttempt, endedAttempt }: Review): number => Math.max(lastAttempt, endedAttempt);

/** Runs that began before know two steps, asking and the deadline, and send each mail at once. */
const CHAIN = 'chain-of-steps';

/** Runs that began before tell nobody while the system tries by itself. */
const TOLD_WHILE_HEALING = 'told-while-healing';

type Desk = { exceptionId: string; inbox: Inbox; mails: Notices };

/**
 * Sees one exception through, for hours or months: the system tries first, then somebody is asked, then step by step
 * others are, until the deadline passes. The row in Postgres is the truth; this workflow knows when to look and what
 * comes next. Every turn of the loop rests on something that happened, and the run continues as new when the server
 * suggests it.
 */
export async function reviewException(input: ReviewInput): Promise<ExceptionState> {
  const { exceptionId, clientId, businessDate } = input;
  const desk: Desk = { exceptionId, inbox: openInbox(workflowInfo().runId), mails: openNotices() };
  for (;;) {
    const review = await desk.inbox.look(() => sets.loadReview(exceptionId));
    enterStage(review.state, `${clientId} ${businessDate}: ${review.message}`);
    if (await decide(desk, review)) continue;
    const climbs = patched(CHAIN);
    if (climbs) sendOwed(desk, review.owed ?? []);
    if (hasEnded(review.state) && !desk.inbox.hasNews()) {
      if (await (climbs ? tellEnd(desk) : settle(desk))) return review.state;
      continue;
    }
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof reviewException>(input);
    await (climbs ? waitAndClimb(desk, review) : takeStep(desk, review));
  }
}

function sendOwed({ mails }: Desk, owed: readonly OwedNotice[]): void {
  for (const { noticeId, dueMs } of owed) mails.sendAt(noticeId, dueMs, () => notices.sendNotice(noticeId));
}

/** Tells everyone who was told that it is over; false where something happened meanwhile, which may open it again. */
async function tellEnd(desk: Desk): Promise<boolean> {
  await condition(allHandlersFinished);
  sendOwed(desk, await sets.endReview(desk.exceptionId));
  endIncident(desk);
  await condition(() => desk.mails.areOut() || desk.inbox.hasNews());
  return !desk.inbox.hasNews();
}

async function settle(desk: Desk): Promise<boolean> {
  await condition(allHandlersFinished);
  endIncident(desk);
  await desk.mails.settled();
  return true;
}

async function waitAndClimb(desk: Desk, review: Review): Promise<unknown> {
  switch (review.state) {
    case 'awaiting_decision':
    case 'awaiting_second':
      return climbWhenDue(desk, review);
    case 'overdue':
      openIncident(desk, `incident/overdue/${review.deadlineMs}`);
      return desk.inbox.hear(newestOf(review), null);
    default:
      return takeStep(desk, review);
  }
}

/** A step that comes in time is an outcome: the next person is asked, or nobody has decided and it is overdue. */
async function climbWhenDue(desk: Desk, review: Review): Promise<void> {
  const { exceptionId, inbox } = desk;
  const { next, deadlineMs } = review;
  if (!next) return sets.askOwner(exceptionId);
  openIncident(desk, `incident/asked/${deadlineMs}`);
  const heard = await inbox.hear(newestOf(review), next.atMs - Date.now());
  if (heard === 'timeout') await sets.climb({ exceptionId, ...next });
}

async function takeStep(desk: Desk, review: Review): Promise<unknown> {
  const { exceptionId, inbox, mails } = desk;
  switch (review.state) {
    case 'healing':
      if (review.underWay) return inbox.hear(review.endedAttempt, LOOK_AGAIN_MS);
      return review.healing ? heal(desk, review) : sets.askOwner(exceptionId);
    case 'awaiting_decision':
    case 'awaiting_second':
      return awaitDecision(desk, review);
    case 'overdue':
      mails.send(`overdue/${review.deadlineMs}`, () => notices.tellOverdue(exceptionId));
      openIncident(desk, `incident/overdue/${review.deadlineMs}`);
      return inbox.hear(newestOf(review), null);
    case 'deciding':
      return carryOut(desk, review);
    case 'resolved':
    case 'rejected':
      return undefined;
  }
}

/** Takes what was decided meanwhile; true where something was. */
async function decide({ exceptionId, inbox }: Desk, review: Review): Promise<boolean> {
  const queued = inbox.next();
  if (!queued) return false;
  const notRecorded = (error: unknown) => unrecorded(review, error);
  queued.answer = await sets.recordDecision({ ...queued.decision, exceptionId }).catch(notRecorded);
  return true;
}

/** A decision that can never be recorded is refused to its sender; it must not end the wait for a better one. */
function unrecorded({ state, version }: Review, error: unknown): DecideAnswer {
  if (isCancellation(error)) throw error;
  return { accepted: false, state, version, message: `The decision could not be recorded: ${messageOf(error)}` };
}

/** Runs the day anew after the policy's delay, unless a person is faster. */
async function heal(desk: Desk, review: Review): Promise<void> {
  const { exceptionId, inbox } = desk;
  const { reruns, rerunDelayMs } = review;
  const after = newestOf(review);
  if (reruns === 0 && patched(TOLD_WHILE_HEALING)) sendOwed(desk, await sets.tellHealing(exceptionId));
  if ((await inbox.hear(after, rerunDelayMs)) !== 'timeout') return;
  await attemptAfter(desk, review, after, () => patient.startRerun({ exceptionId, reruns, after }));
}

/** A timeout is an outcome: the exception is overdue and goes to whom the rules name. */
async function awaitDecision(desk: Desk, review: Review): Promise<void> {
  const { exceptionId, inbox, mails } = desk;
  const { deadlineMs } = review;
  if (deadlineMs === null) return sets.askOwner(exceptionId);
  mails.send(`asked/${deadlineMs}`, () => notices.tellOwner(exceptionId));
  openIncident(desk, `incident/asked/${deadlineMs}`);
  if ((await inbox.hear(newestOf(review), deadlineMs - Date.now())) === 'timeout') await sets.escalate(exceptionId);
}

/** An incident ends by itself when all of its exceptions have. */
function endIncident({ exceptionId, mails }: Desk): void {
  if (patched('incidents')) mails.send('ended', () => notices.exceptionEnded(exceptionId));
}

/**
 * Asks the client's rules whether this is an incident: some hold as soon as it is a question, some when it is overdue.
 */
function openIncident({ exceptionId, mails }: Desk, key: string): void {
  if (patched('incidents')) mails.send(key, async () => void (await notices.openIncident(exceptionId)));
}

const carryOut = (desk: Desk, review: Review): Promise<void> =>
  attemptAfter(desk, review, review.decided?.afterAttempt ?? newestOf(review), () =>
    patient.startDecided(desk.exceptionId),
  );

/**
 * Starts an attempt above `after` and waits for its end. Where another one runs too long, the end of that one is news.
 */
async function attemptAfter({ inbox }: Desk, review: Review, after: number, start: () => Promise<void>): Promise<void> {
  for (let heard = 'timeout'; heard === 'timeout'; ) {
    const busy = await start().then(
      () => false,
      (error: unknown) => {
        if (isFailure(error, 'AttemptRunning')) return true;
        throw error;
      },
    );
    heard = await inbox.hear(busy ? review.endedAttempt : after, LOOK_AGAIN_MS);
  }
}
