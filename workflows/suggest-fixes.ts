import { previews } from './proxies.ts';

/** Tries what may mend an exception, for a person who looks at it; only what came out is kept. */
export async function suggestFixes(exceptionId: string): Promise<number> {
  return previews.suggestFixes(exceptionId);
}
