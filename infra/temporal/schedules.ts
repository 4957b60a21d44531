import { isDeepStrictEqual } from 'node:util';
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client';
import { scheduleId } from '../../domain/ids.ts';
import { nightlySchedule, type WantedNight } from './nightly-schedule.ts';

export type EnsuredSchedule = { clientId: string; scheduleId: string; changed: boolean };

/** Schedules looked at side by side; more would only queue in the server. */
const SIDE_BY_SIDE = 8;

/** What Meshline decides about a schedule. Whether it is paused, and why, is the operator's. */
type Decided = Pick<ScheduleOptions, 'spec' | 'action' | 'policies'>;

function decidedBy({ spec, action, policies }: Decided | ScheduleDescription) {
  return {
    calendars: spec.calendars ?? [],
    intervals: spec.intervals ?? [],
    skip: spec.skip ?? [],
    timezone: spec.timezone || 'UTC',
    jitter: spec.jitter ?? 0,
    overlap: policies?.overlap,
    catchupWindow: policies?.catchupWindow,
    pauseOnFailure: policies?.pauseOnFailure ?? false,
    workflowType: action.workflowType,
    workflowId: action.workflowId,
    taskQueue: action.taskQueue,
    args: action.args ?? [],
    staticSummary: action.staticSummary,
  };
}

async function describe(handle: ScheduleHandle): Promise<ScheduleDescription | undefined> {
  try {
    return await handle.describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

async function create(client: Client, wanted: ScheduleOptions): Promise<boolean> {
  try {
    await client.schedule.create(wanted);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

/**
 * Creates a schedule, or repairs what differs from what is wanted; a pause that somebody made stays. Answers whether
 * anything was changed.
 */
export async function ensureSchedule(client: Client, wanted: ScheduleOptions): Promise<boolean> {
  const handle = client.schedule.getHandle(wanted.scheduleId);
  const existing = await describe(handle);
  if (!existing) return create(client, wanted);
  if (isDeepStrictEqual(decidedBy(existing), decidedBy(wanted))) return false;
  const { spec, action, policies, typedSearchAttributes } = wanted;
  await handle.update(({ state }) => ({ spec, action, policies, typedSearchAttributes, state }));
  return true;
}

/**
 * Gives every client its nightly schedule. Idempotent: a second call finds nothing to change.
 * @param now decides for which years the nights that clocks skip are spelled out.
 */
export async function ensureSchedules(
  client: Client,
  wanted: readonly WantedNight[],
  now: Date = new Date(),
): Promise<EnsuredSchedule[]> {
  const ensured: EnsuredSchedule[] = [];
  for (let next = 0; next < wanted.length; next += SIDE_BY_SIDE) {
    const together = wanted.slice(next, next + SIDE_BY_SIDE).map(async (night) => {
      const changed = await ensureSchedule(client, nightlySchedule(night, now));
      return { clientId: night.clientId, scheduleId: scheduleId(night.clientId), changed };
    });
    ensured.push(...(await Promise.all(together)));
  }
  return ensured;
}
