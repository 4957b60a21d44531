import { unendedAttempts } from '../../infra/postgres/installation/attempts.ts';
import { createFinishAttempt } from '../finish-attempt.ts';
import type { CareDeps } from './deps.ts';

export type EndedAttempts = { open: number; ended: readonly string[] };

const LOST = 'The run ended without finishing the attempt. Run the day anew.';

/**
 * Ends attempts whose run is gone, as an attempt ends that failed: the day says so, its reviews hear of it, and a person
 * can run it anew. The run itself is asked, not a list, so one that lives is never touched.
 */
export function createEndLostAttempts(deps: CareDeps) {
  const finishAttempt = createFinishAttempt(deps);
  return async function endLostAttempts(): Promise<EndedAttempts> {
    const open = await unendedAttempts(deps.db);
    const ended: string[] = [];
    for (const { workflowId, runId, ...attempt } of open) {
      if (await deps.installation.isRunning(workflowId, runId)) continue;
      await finishAttempt(attempt, { how: 'failed', error: LOST });
      ended.push(`${workflowId}#${attempt.attempt}`);
    }
    return { open: open.length, ended };
  };
}
