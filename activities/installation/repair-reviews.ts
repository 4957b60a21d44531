import { exceptionWorkflowId } from '../../domain/ids.ts';
import { unendedExceptions } from '../../infra/postgres/installation/exceptions.ts';
import type { CareDeps } from './deps.ts';

export type RepairedReviews = { open: number; started: readonly string[] };

/**
 * Starts the review of every open exception that has none. The list of running ones may lag behind, which costs a start
 * in vain: the workflow's id allows one review at a time.
 */
export function createRepairReviews({ db, installation }: CareDeps) {
  return async function repairReviews(): Promise<RepairedReviews> {
    const running = await installation.runningReviews();
    const open = await unendedExceptions(db);
    const started: string[] = [];
    for (const exception of open) {
      if (running.has(exceptionWorkflowId(exception.exceptionId))) continue;
      if (await installation.startReview(exception)) started.push(exception.exceptionId);
    }
    return { open: open.length, started };
  };
}
