import { CancelledFailure, cancellationSignal, log } from '@temporalio/activity';
import { hasEnded } from '../../domain/exception/table.ts';
import type { RecordError } from '../../domain/normalize/entry.ts';
import { changesAnything, type Fix } from '../../domain/remediation/fix.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
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

/** The ordinal of a fix that is suggested, 0 where it is not: it changes nothing, or the records that it edits are wrong. */
export type TriedFix = { ordinal: number; problems: readonly RecordError[] };

const NOT_SUGGESTED: TriedFix = { ordinal: 0, problems: [] };

/** Tries a fix that a person made, and suggests it with what came out. */
export function createTryFix(deps: Deps) {
  return async function tryFix({ exceptionId, fix, madeBy }: FixToTry): Promise<TriedFix> {
    const { db, rowWork } = deps;
    const row = await loadException(db, exceptionId);
    if (!row || hasEnded(row.state)) return NOT_SUGGESTED;
    const input = { ...simulationInput(deps, exceptionId), only: fix };
    const [simulated] = await rowWork.suggestFixes(input, cancellationSignal());
    if (simulated?.problems?.length) return { ordinal: 0, problems: simulated.problems };
    if (!simulated || !changesAnything(simulated.preview)) return NOT_SUGGESTED;
    const { client_id: clientId } = row;
    const add = (tx: Tx) => addMadeFix(tx, { exceptionId, clientId }, simulated, madeBy);
    return { ordinal: await db.transaction().execute(add), problems: [] };
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
