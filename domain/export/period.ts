import { monthOf } from '../business-day.ts';
import { monthBounds } from '../period/month.ts';

/** What one file of an export holds: a business day, or the days of a month. */
export type ExportPeriod = { by: 'day' | 'month'; name: string; from: string; to: string };

export const dayPeriod = (date: string): ExportPeriod => ({ by: 'day', name: date, from: date, to: date });

/** @param month as `YYYY-MM` */
export const monthPeriod = (month: string): ExportPeriod => ({ by: 'month', name: month, ...monthBounds(month) });

/** The file that a day is in, of an export by day or by month. */
export const periodOf = (by: 'day' | 'month', date: string): ExportPeriod =>
  by === 'day' ? dayPeriod(date) : monthPeriod(monthOf(date));

/** The path of a period's file. */
export const exportPath = (location: string, { name }: Pick<ExportPeriod, 'name'>): string =>
  location.replaceAll('{date}', name).replaceAll('{month}', name);
