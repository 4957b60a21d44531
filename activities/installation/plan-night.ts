import { ApplicationFailure } from '@temporalio/activity';
import type { DayStatus } from '../../domain/close.ts';
import { lastDayOver } from '../../domain/night.ts';
import { loadDay } from '../../infra/postgres/close/attempt.ts';
import { currentClock } from '../../infra/postgres/installation/clients.ts';
import type { Deps } from '../deps.ts';

/** What a night is to do: `scheduledAt` is its nominal instant in ISO 8601. */
export type NightToPlan = { clientId: string; scheduledAt: string };
/** `standing` is why the day is left alone: it is settled, its reviews look after it, or a person has ended it. */
export type PlannedNight = { businessDate: string; standing: DayStatus | null };

/** A day that failed, or that nobody has begun, is the night's; any other has its own ways on. */
const isDue = (status: DayStatus): boolean => status === 'failed';

/** Finds the business day that a night closes: the last one that was over at its nominal instant, whenever it runs. */
export function createPlanNight({ db }: Pick<Deps, 'db'>) {
  return async function planNight({ clientId, scheduledAt }: NightToPlan): Promise<PlannedNight> {
    const clock = await currentClock(db, clientId);
    if (!clock)
      throw ApplicationFailure.nonRetryable(
        `Client ${clientId} has no operating model. Apply one.`,
        'NoEffectiveModel',
      );
    const businessDate = lastDayOver(Date.parse(scheduledAt), clock.timezone, clock.cutOff);
    const day = await loadDay(db, clientId, businessDate);
    const begun = day !== undefined && day.attempt > 0;
    return { businessDate, standing: begun && !isDue(day.status) ? day.status : null };
  };
}
