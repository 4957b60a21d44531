import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { pendingDecision } from '../../infra/postgres/review/decisions.ts';
import type { Deps } from '../deps.ts';
import { isServed, startAttempt, type WantedAttempt } from './start-attempt.ts';

/**
 * Starts the attempt that carries a decision out: from reconcile where what was captured is accepted or kept out, from
 * capture after a re-run or with a fix.
 */
export function createStartDecided(deps: Deps) {
  return async function startDecided(exceptionId: string): Promise<void> {
    const row = await loadException(deps.db, exceptionId);
    const decision = await pendingDecision(deps.db, exceptionId);
    if (!row || !decision) return;
    const wanted: WantedAttempt = {
      clientId: row.client_id,
      businessDate: row.business_date,
      beginsAt: decision.verb === 'approve' || decision.verb === 'reject' ? 'reconcile' : 'capture',
      cause: 'decision',
      actor: decision.actor,
      after: decision.after_attempt,
    };
    if (!(await isServed(deps, wanted))) await startAttempt(deps, wanted);
  };
}
