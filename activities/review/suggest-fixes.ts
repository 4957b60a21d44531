import { CancelledFailure, cancellationSignal, log } from '@temporalio/activity';
import { hasEnded } from '../../domain/exception/table.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { storeSuggestedFixes } from '../../infra/postgres/remediation/suggested-fixes.ts';
import type { Deps } from '../deps.ts';
import { simulationInput } from './prepare-fix.ts';

async function suggest(deps: Deps, exceptionId: string, signal: AbortSignal): Promise<number> {
  const { db, rowWork } = deps;
  const before = await loadException(db, exceptionId);
  if (!before || hasEnded(before.state)) return 0;
  const simulated = await rowWork.suggestFixes(simulationInput(deps, exceptionId), signal);
  const { client_id: clientId, version } = before;
  await db.transaction().execute((tx) => storeSuggestedFixes(tx, { exceptionId, clientId, version }, simulated));
  return simulated.length;
}

/**
 * Tries what may mend an exception on its day as the sources are now, and keeps what came out. Nothing else is changed.
 * Answers how many fixes there are.
 */
export function createSuggestFixes(deps: Deps) {
  return (exceptionId: string): Promise<number> => suggest(deps, exceptionId, cancellationSignal());
}

/** A mail waits so long for what it could suggest. */
const LONGEST_MS = 60_000;

/**
 * Has the fixes tried before a mail asks somebody. A day on which they cannot be tried, or not soon, is asked about all
 * the same.
 */
export async function prepareWorkspace(deps: Deps, exceptionId: string): Promise<void> {
  try {
    await suggest(deps, exceptionId, AbortSignal.any([cancellationSignal(), AbortSignal.timeout(LONGEST_MS)]));
  } catch (error) {
    if (error instanceof CancelledFailure) throw error;
    log.warn(`What may mend exception ${exceptionId} could not be tried: ${(error as Error).message}`);
  }
}
