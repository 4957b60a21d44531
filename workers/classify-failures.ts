import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';

const CONNECTION = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
/** Postgres classes that say "not now": connection, resources, operator intervention, and rollbacks that ask for a retry. */
const NOT_NOW = /^(08|53|57|58|40)/;
const GONE = /terminat|closed|timeout exceeded when trying to connect|ECONNREFUSED|UNAVAILABLE|Connection/i;
const TRIES_FOR_THE_UNKNOWN = 5;
const LONGEST = 4_000;

function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = String(code ?? '');
  return CONNECTION.has(text) || (text.length === 5 && NOT_NOW.test(text)) || GONE.test(String(message ?? ''));
}

/**
 * What storage or the engine cannot do now is tried until it works; what is nobody's outage is a defect, and after a
 * few tries it fails the attempt instead of holding the night.
 */
export function classify(error: unknown, attempt: number): unknown {
  if (error instanceof TemporalFailure || (error instanceof Error && error.name === 'AbortError')) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const text = message.slice(0, LONGEST);
  if (isUnavailable(error))
    return ApplicationFailure.create({ message: text, type: 'StorageUnavailable', cause: error as Error });
  const nonRetryable = attempt >= TRIES_FOR_THE_UNKNOWN || error instanceof TypeError || error instanceof RangeError;
  return ApplicationFailure.create({ message: text, type: name, nonRetryable, cause: error as Error });
}

export const classifyFailures: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      throw classify(error, activityInfo().attempt);
    }
  },
};
