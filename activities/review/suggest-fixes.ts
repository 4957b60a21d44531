import { cancellationSignal } from '@temporalio/activity';
import { hasEnded } from '../../domain/exception/table.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { storeSuggestedFixes } from '../../infra/postgres/remediation/suggested-fixes.ts';
import type { Deps } from '../deps.ts';
import { simulationInput } from './prepare-fix.ts';

/**
 * Tries what may mend an exception on its day as the sources are now, and keeps what came out. Nothing else is changed.
 * Answers how many fixes there are.
 */
export function createSuggestFixes(deps: Deps) {
  const { db, rowWork } = deps;
  return async function suggestFixes(exceptionId: string): Promise<number> {
    const before = await loadException(db, exceptionId);
    if (!before || hasEnded(before.state)) return 0;
    const simulated = await rowWork.suggestFixes(simulationInput(deps, exceptionId), cancellationSignal());
    const { client_id: clientId, version } = before;
    await db.transaction().execute((tx) => storeSuggestedFixes(tx, { exceptionId, clientId, version }, simulated));
    return simulated.length;
  };
}
