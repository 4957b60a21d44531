import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { isDefect, isForeseen, isOutage } from '../infra/failures/outage.ts';

const LONGEST = 4_000;

/**
 * What storage or the engine cannot do now is tried until it works; what is nobody's outage is a defect, and after a
 * few tries it fails the attempt instead of holding the night.
 */
export function classify(error: unknown, attempt: number): unknown {
  if (isForeseen(error)) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const text = message.slice(0, LONGEST);
  if (isOutage(error))
    return ApplicationFailure.create({ message: text, type: 'StorageUnavailable', cause: error as Error });
  const nonRetryable = isDefect(error, attempt);
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
