import type { Weekday } from '../schemas/operating-model.ts';
import { weekday } from './calendar-date.ts';
import { minorDigits } from './currency.ts';
import type { Unit } from './metrics/definition.ts';
import { formatExact, formatMicros } from './money.ts';

export type PublishedDay = { date: string; valueMicros: bigint };

/** A number of a day that is judged before it goes out. `valueMicros` null is a ratio over nothing. */
export type MetricDay = {
  /** The number in words, such as `net_sales` or `net_sales of store uk`. */
  label: string;
  date: string;
  unit: Unit;
  currency: string | null;
  valueMicros: bigint | null;
  /** A day without trade by the calendar. */
  closedDay: boolean;
  /** Published numbers of the same weekday before this day, the nearest first; days without trade are left out. */
  history: readonly PublishedDay[];
};

const NAMES: Record<Weekday, string> = {
  monday: 'Monday',
  tuesday: 'Tuesday',
  wednesday: 'Wednesday',
  thursday: 'Thursday',
  friday: 'Friday',
  saturday: 'Saturday',
  sunday: 'Sunday',
};

export const weekdayName = (date: string): string => NAMES[weekday(date)];

/** A number in its unit: `1250.00 GBP`, `137`, `4.25`. */
export function numberText({ unit, currency }: Pick<MetricDay, 'unit' | 'currency'>, valueMicros: bigint): string {
  if (unit === 'count') return formatMicros(valueMicros, 0);
  return currency === null
    ? formatExact(valueMicros)
    : `${formatMicros(valueMicros, minorDigits(currency))} ${currency}`;
}
