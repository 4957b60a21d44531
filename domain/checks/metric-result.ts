import { type MetricDay, numberText } from '../metric-day.ts';
import type { CheckResult } from './result.ts';

export type Judged = Pick<CheckResult, 'status' | 'message' | 'observed'>;
export type DefinedDay = MetricDay & { valueMicros: bigint };

/** Judges a number that can be judged: not a ratio over nothing, and not the nothing of a closed day. */
export function judgeDefined(day: MetricDay, judge: (day: DefinedDay) => Judged): Judged {
  const { label, date, valueMicros } = day;
  if (valueMicros === null)
    return {
      status: 'learning',
      message: `${label} on ${date} is undefined: nothing to judge`,
      observed: { value: null },
    };
  if (day.closedDay && valueMicros === 0n)
    return { status: 'passed', message: `closed day: nothing was expected of ${label}`, observed: { value: '0' } };
  return judge({ ...day, valueMicros });
}

/** `net_sales on Tuesday 2026-03-10 is 1250.00 GBP` */
export const foundText = (day: DefinedDay, weekday: string): string =>
  `${day.label} on ${weekday} ${day.date} is ${numberText(day, day.valueMicros)}`;
