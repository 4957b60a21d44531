import { parseDuration } from '../../domain/duration.ts';
import { governanceOf } from '../../domain/publish/governance.ts';
import type { ExceptionState, Verb } from '../../domain/review.ts';
import { latestAttempt } from '../../infra/postgres/close/attempt.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import { type ExceptionRow, isHealing, loadException } from '../../infra/postgres/publish/exceptions.ts';
import { pendingDecision } from '../../infra/postgres/review/decisions.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';

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
};

/** The operating model that holds on an exception's day, as it is now: people change while an exception waits. */
export async function modelOf(db: Db, row: ExceptionRow): Promise<OperatingModel> {
  const version = await effectiveVersion(db, row.client_id, row.business_date);
  return (await loadModel(db, row.client_id, version!)).document;
}

export const findingOf = (row: ExceptionRow) => ({ source: row.source_id, metric: row.metric });

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
    };
  };
}
