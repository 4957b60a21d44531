import { heartbeat } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';

const BEAT_MS = 2_000;

/** Beats for every activity while it runs: the engine learns of a worker that died in seconds, not when time is up. */
export const beatWhileRunning: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    const beat = setInterval(() => heartbeat(), BEAT_MS);
    try {
      return await next(input);
    } finally {
      clearInterval(beat);
    }
  },
};
