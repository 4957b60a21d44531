import { type DayStatus, isSettled } from '../domain/close.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import { endAttempt, lockDay } from '../infra/postgres/close/attempt.ts';
import type { Tx } from '../infra/postgres/connect.ts';
import { concernedExceptions, openExceptions, reopenUndecided } from '../infra/postgres/publish/open-exceptions.ts';
import type { Deps } from './deps.ts';
import type { OpenedDay } from './open-attempt.ts';

/** How an attempt ended: with what it published, with nothing new, or without finishing. */
export type AttemptEnding =
  | { how: 'finished'; status: DayStatus }
  | { how: 'unchanged' }
  | { how: 'cancelled' | 'failed'; error: string };

/** A day that an attempt could not finish is what it was before, unless it was nothing. */
async function statusAfter(tx: Tx, day: OpenedDay, ending: AttemptEnding): Promise<DayStatus> {
  if (ending.how === 'finished') return ending.status;
  const open = await openExceptions(tx, day.clientId, day.businessDate);
  if (open.some((one) => one.healing)) return 'running';
  if (open.length > 0) return 'waiting';
  if (day.before && (isSettled(day.before) || ending.how === 'unchanged')) return day.before;
  return ending.how === 'unchanged' ? 'failed' : ending.how;
}

/** Ends the attempt, says what the day is now, and tells the day's reviews. Repeatable. */
export function createFinishAttempt({ db, secrets, engine }: Deps) {
  return async function finishAttempt(day: OpenedDay, ending: AttemptEnding): Promise<DayStatus> {
    const { clientId, businessDate, attempt } = day;
    const status = await db.transaction().execute(async (tx) => {
      await lockDay(tx, clientId, businessDate);
      await reopenUndecided(tx, clientId, businessDate, attempt);
      const dayStatus = await statusAfter(tx, day, ending);
      const attemptStatus = ending.how === 'finished' ? dayStatus : ending.how;
      const error = 'error' in ending ? ending.error : undefined;
      const ended = await endAttempt(tx, { clientId, businessDate, attempt, attemptStatus, dayStatus, error });
      if (ended)
        await appendAudit(tx, secrets.auditKey, {
          clientId,
          businessDate,
          attempt,
          actor: 'meshline',
          action: 'attempt.ended',
          subject: businessDate,
          detail: { how: ending.how, status: dayStatus, ...(error && { error }) },
        });
      return dayStatus;
    });
    for (const id of await concernedExceptions(db, clientId, businessDate, attempt))
      await engine.signalAttemptEnded(id, attempt);
    return status;
  };
}
