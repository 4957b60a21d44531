import { rerunTermsOf } from '../../domain/publish/governance.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { countRerun } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { governed } from './chain.ts';
import { modelOf } from './load-review.ts';
import { isServed, startAttempt, type WantedAttempt } from './start-attempt.ts';

export type RerunInput = { exceptionId: string; reruns: number; after: number };

/**
 * The system heals first: closes the day anew from where the rules say, without asking anybody. Counted once, however
 * often it is tried, and before the attempt begins: that one must know whether another re-run remains.
 */
export function createStartRerun(deps: Deps) {
  return async function startRerun({ exceptionId, reruns, after }: RerunInput): Promise<void> {
    const row = await loadException(deps.db, exceptionId);
    const { client_id: clientId, business_date: businessDate } = row!;
    const day = { clientId, businessDate };
    const { from: beginsAt } = rerunTermsOf(governed(await modelOf(deps.db, row!), row!).rules.rerun);
    const wanted: WantedAttempt = { ...day, beginsAt, cause: 'rerun', actor: 'meshline', after };
    const served = await isServed(deps, wanted);
    await deps.db.transaction().execute(async (tx) => {
      if (!(await countRerun(tx, exceptionId, reruns))) return;
      await appendAudit(tx, deps.secrets.auditKey, {
        ...day,
        actor: 'meshline',
        action: 'exception.rerun',
        subject: exceptionId,
        detail: { rerun: reruns + 1, beginsAt },
      });
    });
    if (!served) await startAttempt(deps, wanted);
  };
}
