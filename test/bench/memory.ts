import { setInterval } from 'node:timers/promises';
import pidusage from 'pidusage';

const EVERY_MS = 200;

/** Samples the resident memory of processes, added up, until it is stopped; `stop` returns the peak in megabytes. */
export function watchMemory(pids: readonly number[]): { stop: () => number } {
  let peakBytes = 0;
  const stopped = new AbortController();
  const sample = async () => {
    const usage = await pidusage([...pids]).catch(() => ({}));
    const bytes = Object.values(usage).reduce((sum, one) => sum + (one?.memory ?? 0), 0);
    peakBytes = Math.max(peakBytes, bytes);
  };
  const watch = async () => {
    for await (const _ of setInterval(EVERY_MS, undefined, { signal: stopped.signal })) await sample();
  };
  watch().catch(() => undefined);
  return {
    stop: () => {
      stopped.abort();
      return Math.round(peakBytes / 1024 / 1024);
    },
  };
}
