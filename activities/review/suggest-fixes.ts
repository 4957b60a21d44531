import { CancelledFailure, cancellationSignal, log } from '@temporalio/activity';
import { hasEnded } from '../../domain/exception/table.ts';
import { changesAnything, type Fix } from '../../domain/remediation/fix.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import {
  addMadeFix,
  fixesMadeByPeople,
  storeSuggestedFixes,
} from '../../infra/postgres/remediation/suggested-fixes.ts';
import type { Deps } from '../deps.ts';
import { simulationInput } from './prepare-fix.ts';

async function suggest(deps: Deps, exceptionId: string, signal: AbortSignal): Promise<number> {
  const { db, rowWork } = deps;
  const before = await loadException(db, exceptionId);
  // A report that was not delivered is no finding on the day: there is nothing to mend in its numbers.
  if (!before || hasEnded(before.state) || before.kind === 'handoff') return 0;
  const made = await fixesMadeByPeople(db, exceptionId);
  const simulated = await rowWork.suggestFixes({ ...simulationInput(deps, exceptionId), made }, signal);
  const { client_id: clientId } = before;
  await db.transaction().execute((tx) => storeSuggestedFixes(tx, { exceptionId, clientId }, simulated));
  return simulated.length;
}

/**
 * Tries what may mend an exception on its day as the sources are now, and keeps what came out. Nothing else is changed.
 * Answers how many fixes there are.
 */
export function createSuggestFixes(deps: Deps) {
  return (exceptionId: string): Promise<number> => suggest(deps, exceptionId, cancellationSignal());
}

export type FixToTry = { exceptionId: string; fix: Fix; madeBy: string };

/** Tries a fix that a person made, and suggests it with what came out. Answers its ordinal; 0 where it changes nothing. */
export function createTryFix(deps: Deps) {
  return async function tryFix({ exceptionId, fix, madeBy }: FixToTry): Promise<number> {
    const { db, rowWork } = deps;
    const row = await loadException(db, exceptionId);
    if (!row || hasEnded(row.state)) return 0;
    const input = { ...simulationInput(deps, exceptionId), only: fix };
    const [simulated] = await rowWork.suggestFixes(input, cancellationSignal());
    if (!simulated || !changesAnything(simulated.preview)) return 0;
    const { client_id: clientId } = row;
    return db.transaction().execute((tx) => addMadeFix(tx, { exceptionId, clientId }, simulated, madeBy));
  };
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
