import { parseDuration } from '../../domain/duration.ts';
import type { LastDecision } from '../../domain/exception/decision.ts';
import { nextStep, type Step } from '../../domain/exception/ladder.ts';
import { type ExceptionState, stateAfter, type Verb } from '../../domain/exception/table.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import { latestAttempt } from '../../infra/postgres/close/attempt.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import { type ExceptionRow, isHealing, loadException } from '../../infra/postgres/publish/exceptions.ts';
import { lastDecision, pendingDecision } from '../../infra/postgres/review/decisions.ts';
import { owedNotices } from '../../infra/postgres/review/notices.ts';
import { dueOf } from '../../infra/postgres/review/steps.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';

export type OwedNotice = { noticeId: string; dueMs: number };

/** An exception as its review sees it. Instants are epoch ms. */
export type Review = {
  state: ExceptionState;
  version: number;
  message: string;
  /** Automatic re-runs remain. */
  healing: boolean;
  reruns: number;
  rerunDelayMs: number;
  deadlineMs: number | null;
  /** The attempt that found it last. */
  lastAttempt: number;
  /** The day's newest attempt that has ended; 0 before the first. */
  endedAttempt: number;
  /** A newer attempt runs, which may find it gone. */
  underWay: boolean;
  /** What an attempt is to carry out; it must begin after `afterAttempt`. */
  decided: { verb: Verb; afterAttempt: number } | null;
  /** Who decided what last; absent in runs that were recorded before it was read. */
  last?: LastDecision | null;
  /** The next step of the chain; null where nobody is asked. Absent as `last` is. */
  next?: { step: Step; atMs: number } | null;
  /** Mails that are owed. Absent as `last` is. */
  owed?: readonly OwedNotice[];
};

/** The operating model that holds on an exception's day, as it is now: people change while an exception waits. */
export async function modelOf(db: Db, row: ExceptionRow): Promise<OperatingModel> {
  const version = await effectiveVersion(db, row.client_id, row.business_date);
  return (await loadModel(db, row.client_id, version!)).document;
}

export const findingOf = (row: ExceptionRow) => ({ source: row.source_id, metric: row.metric, kind: row.kind });

const isAsked = ({ state, deadline }: ExceptionRow): boolean =>
  deadline !== null && stateAfter(state, 'pass_deadline') !== undefined;

/** The mails that are owed about an exception, in their order. */
export const owedOf = async (db: Db, exceptionId: string): Promise<OwedNotice[]> =>
  (await owedNotices(db, exceptionId)).map((one) => ({ noticeId: one.notice_id, dueMs: one.due_at.getTime() }));

/** What the review of an exception waits for and has to tell. */
async function chainState(db: Db, row: ExceptionRow): Promise<Pick<Review, 'last' | 'next' | 'owed'>> {
  return {
    last: await lastDecision(db, row.exception_id),
    next: isAsked(row) ? nextStep(dueOf(row)) : null,
    owed: await owedOf(db, row.exception_id),
  };
}

/** Reads the exception. Its row is the truth; the workflow only knows when to look. */
export function createLoadReview({ db }: Deps) {
  return async function loadReview(exceptionId: string): Promise<Review> {
    const row = await loadException(db, exceptionId);
    if (!row) throw new Error(`exception ${exceptionId} is not stored`);
    const { rerun } = governanceOf(await modelOf(db, row), findingOf(row));
    const decision = row.state === 'deciding' ? await pendingDecision(db, exceptionId) : undefined;
    const latest = await latestAttempt(db, row.client_id, row.business_date);
    return {
      state: row.state,
      version: row.version,
      message: row.message,
      healing: isHealing(row),
      reruns: row.reruns,
      rerunDelayMs: parseDuration(rerun.delay).ms,
      deadlineMs: row.deadline?.getTime() ?? null,
      lastAttempt: row.last_attempt,
      endedAttempt: (latest?.open ? latest.attempt - 1 : latest?.attempt) ?? 0,
      underWay: latest?.open === true && latest.attempt > row.last_attempt,
      decided: decision ? { verb: decision.verb, afterAttempt: decision.after_attempt } : null,
      ...(await chainState(db, row)),
    };
  };
}
