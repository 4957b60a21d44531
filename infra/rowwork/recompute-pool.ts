import { Piscina } from 'piscina';
import type { RecomputedNumber, RecomputeInput } from './recompute-number.ts';

/** Recomputes published numbers in threads, so that whoever else asks the API need not wait. */
export type Recompute = {
  number(input: RecomputeInput, signal: AbortSignal): Promise<RecomputedNumber>;
  close(): Promise<void>;
};

const IDLE_MS = 30_000;

/** Threads are there only while somebody asks; aborting a task ends its thread, and Postgres its transaction. */
export function startRecompute(maximumThreads: number): Recompute {
  const pool = new Piscina({
    filename: new URL('./recompute-number.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: maximumThreads,
    concurrentTasksPerWorker: 1,
    idleTimeout: IDLE_MS,
  });
  return { number: (input, signal) => pool.run(input, { signal }), close: () => pool.destroy() };
}
