import type { FixToTry, TriedFix } from '../activities/review/suggest-fixes.ts';
import { previews } from './proxies.ts';

/** Tries what may mend an exception, for a person who looks at it; only what came out is kept. */
export async function suggestFixes(exceptionId: string): Promise<number> {
  return previews.suggestFixes(exceptionId);
}

/** Tries a fix that a person made; answers the ordinal under which it is suggested from then on, or what is wrong with it. */
export async function tryFix(input: FixToTry): Promise<TriedFix> {
  return previews.tryFix(input);
}
