import { type CloseCause, type DayStatus, isSettled } from '../domain/close.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import { causeOf, type DayRow, endAttempt, isOpen, lockDay } from '../infra/postgres/close/attempt.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { emitFinished } from '../infra/postgres/events/close.ts';
import { concernedExceptions, openExceptions, reopenUndecided } from '../infra/postgres/publish/open-exceptions.ts';
import type { Deps } from './deps.ts';
import { handOnEvents } from './events/hand-on.ts';
import type { OpenedDay } from './open-attempt.ts';
import { startRevisionsIfOwed } from './revisions/start.ts';

/** How an attempt ended: with what it published, with nothing new, or without finishing. */
export type AttemptEnding =
  | { how: 'finished'; status: DayStatus }
  | { how: 'unchanged' }
  | { how: 'cancelled' | 'failed'; error: string };

/** The attempt that ends, and what the day was before it. */
export type EndingAttempt = Pick<OpenedDay, 'clientId' | 'businessDate' | 'attempt' | 'before'>;

/** Causes of attempts that another workflow runs one after the other. */
const IN_ORDER: readonly CloseCause[] = ['schedule', 'backfill', 'late_data'];

const stands = (before: DayStatus | null): before is DayStatus =>
  before !== null && (isSettled(before) || before === 'rejected');

/**
 * What an attempt published stands, whatever became of it later. A day that it could not finish is what it was before.
 */
async function statusAfter(tx: Tx, day: EndingAttempt, ending: AttemptEnding, row: DayRow): Promise<DayStatus> {
  if (ending.how === 'finished') return ending.status;
  const open = await openExceptions(tx, day.clientId, day.businessDate);
  if (open.some((one) => one.healing)) return 'running';
  if (open.length > 0) return 'waiting';
  if (row.settled_attempt === day.attempt && row.settled_status) return row.settled_status;
  if (day.before && (stands(day.before) || ending.how === 'unchanged')) return day.before;
  return ending.how === 'unchanged' ? 'failed' : ending.how;
}

async function end(tx: Tx, deps: Pick<Deps, 'secrets'>, day: EndingAttempt, ending: AttemptEnding): Promise<DayStatus> {
  const { clientId, businessDate, attempt } = day;
  const row = await lockDay(tx, clientId, businessDate);
  if (!(await isOpen(tx, day))) return row.status;
  await reopenUndecided(tx, clientId, businessDate, attempt);
  const dayStatus = await statusAfter(tx, day, ending, row);
  const attemptStatus = ending.how === 'finished' ? dayStatus : ending.how;
  const error = 'error' in ending ? ending.error : undefined;
  await endAttempt(tx, { clientId, businessDate, attempt, attemptStatus, dayStatus, error });
  await emitFinished(tx, day, { how: ending.how, status: dayStatus });
  await appendAudit(tx, deps.secrets.auditKey, {
    clientId,
    businessDate,
    attempt,
    actor: 'meshline',
    action: 'attempt.ended',
    subject: businessDate,
    detail: { how: ending.how, status: dayStatus, ...(error && { error }) },
  });
  return dayStatus;
}

/** Ends the attempt, says what the day is now, and tells the day's reviews. Repeatable: an attempt ends once. */
export function createFinishAttempt(deps: Pick<Deps, 'db' | 'secrets' | 'engine' | 'pages'>) {
  return async function finishAttempt(day: EndingAttempt, ending: AttemptEnding): Promise<DayStatus> {
    const { clientId, businessDate, attempt } = day;
    const status = await deps.db.transaction().execute((tx) => end(tx, deps, day, ending));
    for (const id of await concernedExceptions(deps.db, clientId, businessDate, attempt))
      await deps.engine.signalAttemptEnded(id, attempt);
    // Nights, backfills and revisions look at what has lapsed themselves, when all their days are closed, and tell then
    // what can wait, each reader once.
    const isAlone = !IN_ORDER.includes(await causeOf(deps.db, day));
    await handOnEvents(deps, clientId, isAlone ? 'all' : 'urgent');
    if (isAlone) await startRevisionsIfOwed(deps, clientId);
    return status;
  };
}
