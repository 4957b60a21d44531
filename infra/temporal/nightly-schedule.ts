import {
  type CalendarSpec,
  type CalendarSpecDescription,
  MONTHS,
  type Range,
  type ScheduleOptions,
} from '@temporalio/client';
import { scheduleId } from '../../domain/ids.ts';
import { type SkippedNight, skippedNights, timeOfDay } from '../../domain/night.ts';
import { clientIdKey } from './search-attributes.ts';
import { TASK_QUEUE } from './start-close.ts';

/** When a client's close starts: `at` is a time of day (`HH:MM`) in `timezone`, an IANA zone. */
export type WantedNight = { clientId: string; at: string; timezone: string };

const DAY_MS = 86_400_000;
/** Spreads clients that start at one time of day. The nominal time, and with it the business date, stays. */
const JITTER_MS = 30_000;

const range = <T>(start: T, end: T = start): Range<T>[] => [{ start, end, step: 1 }];

/** Written out in full, as the server gives it back, so that wanted and existing can be compared. */
const everyNight = (at: string): CalendarSpecDescription => ({
  second: range(0),
  minute: range(timeOfDay(at).minute),
  hour: range(timeOfDay(at).hour),
  dayOfMonth: range(1, 31),
  month: range('JANUARY', 'DECEMBER'),
  year: [],
  dayOfWeek: range('SUNDAY', 'SATURDAY'),
  comment: `every night at ${at}`,
});

function oneNight({ date, at }: SkippedNight): CalendarSpec {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return {
    ...everyNight(at),
    dayOfMonth: range(day),
    month: range(MONTHS[month - 1]!),
    year: range(year),
    comment: `${date}: clocks skip the time of the schedule`,
  };
}

const skipped = new Map<string, readonly SkippedNight[]>();

/** This year's and the next one's; a pass over the installation moves the window on in time. */
function skippedSoon({ at, timezone }: WantedNight, now: Date): readonly SkippedNight[] {
  const year = now.getUTCFullYear();
  const key = `${at} ${timezone} ${year}`;
  const nights = skipped.get(key) ?? [year, year + 1].flatMap((one) => skippedNights(at, timezone, one));
  skipped.set(key, nights);
  return nights;
}

/**
 * The schedule of a client's nights. Its run reads the business date from the nominal time of the night, so a start
 * that comes late closes the day that it was meant for.
 */
export const nightlySchedule = (night: WantedNight, now: Date): ScheduleOptions => ({
  scheduleId: scheduleId(night.clientId),
  spec: {
    calendars: [everyNight(night.at), ...skippedSoon(night, now).map(oneNight)],
    timezone: night.timezone,
    jitter: JITTER_MS,
  },
  policies: {
    // A night that runs into the next one must not lose a day, and a client's days run one after the other.
    overlap: 'BUFFER_ONE',
    // After an outage the night that was missed still closes. Older ones are for a person to backfill: after a long
    // outage nobody wants a stack of reports at once.
    catchupWindow: DAY_MS,
    // A day that failed has its own exceptions and attempts; the next day's close owes it nothing.
    pauseOnFailure: false,
  },
  action: {
    type: 'startWorkflow',
    workflowType: 'nightlyClose',
    workflowId: scheduleId(night.clientId),
    taskQueue: TASK_QUEUE,
    args: [{ clientId: night.clientId }],
    typedSearchAttributes: [{ key: clientIdKey, value: night.clientId }],
    staticSummary: `Nightly close of ${night.clientId}`,
  },
  typedSearchAttributes: [{ key: clientIdKey, value: night.clientId }],
});
