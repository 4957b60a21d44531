import { cancellationSignal } from '@temporalio/activity';
import type { Fix } from '../../domain/remediation/fix.ts';
import { contentHash } from '../../infra/operating-model/content-hash.ts';
import { suggestedFix } from '../../infra/postgres/remediation/suggested-fixes.ts';
import type { Deps } from '../deps.ts';

/** A fix that does now what it was shown to do, or why it may not be applied. */
export type PreparedFix = { fix: Fix } | { refusal: string };

type FixDeps = Pick<Deps, 'db' | 'databaseUrl' | 'rowWork' | 'secrets' | 'files'>;

export const simulationInput = ({ databaseUrl, secrets, files }: FixDeps, exceptionId: string) => {
  const { roots, ...limits } = files;
  return { databaseUrl, customerKey: secrets.customerKey, roots, limits, exceptionId };
};

/**
 * Tries a fix once more before it is applied: it binds to the preview that was shown, and a source, a total or the day
 * may have moved since.
 */
export async function prepareFix(deps: FixDeps, exceptionId: string, name: string): Promise<PreparedFix> {
  const shown = await suggestedFix(deps.db, exceptionId, name);
  if (!shown) return { refusal: `No fix ${name} is suggested for this exception. Look at it again.` };
  const { fix, preview } = shown;
  const input = { ...simulationInput(deps, exceptionId), only: fix };
  const [now] = await deps.rowWork.suggestFixes(input, cancellationSignal());
  if (now && contentHash(now.preview) === contentHash(preview)) return { fix };
  return {
    refusal: `What fix ${name} would do has changed since it was shown: the day or its sources are others now. Look at it again.`,
  };
}
