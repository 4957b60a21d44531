import { appendAudit } from '../../infra/postgres/audit.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { countRerun } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { startAttemptAfter } from './start-attempt.ts';

export type RerunInput = { exceptionId: string; reruns: number; after: number };

/** The system heals first: captures and closes the day anew, without asking anybody. Counted once, however often it is tried. */
export function createStartRerun(deps: Deps) {
  return async function startRerun({ exceptionId, reruns, after }: RerunInput): Promise<void> {
    const row = await loadException(deps.db, exceptionId);
    const { client_id: clientId, business_date: businessDate } = row!;
    await deps.db.transaction().execute(async (tx) => {
      if (!(await countRerun(tx, exceptionId, reruns))) return;
      await appendAudit(tx, deps.secrets.auditKey, {
        clientId,
        businessDate,
        actor: 'meshline',
        action: 'exception.rerun',
        subject: exceptionId,
        detail: { rerun: reruns + 1 },
      });
    });
    await startAttemptAfter(deps, {
      clientId,
      businessDate,
      beginsAt: 'capture',
      cause: 'rerun',
      actor: 'meshline',
      after,
    });
  };
}
