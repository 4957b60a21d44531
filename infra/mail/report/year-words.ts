import { calendarDay, dayAndMonth, monthName } from './format.ts';
import type { CountedDays, YearComparison, YearRow } from './view.ts';

/** "December so far, beside December 2009" */
export const yearTitle = ({ through, throughBefore }: YearComparison): string =>
  `${monthName(through)} so far, beside ${longMonth(throughBefore)}`;

/** "December 2009" */
export const longMonth = (date: string): string => calendarDay(date).toFormat('LLLL yyyy');

/** "Dec 2010" */
export const shortMonth = (date: string): string => calendarDay(date).toFormat('LLL yyyy');

/** Where some days of the month are left out, which count. */
function countedWords(counted: CountedDays, { through }: YearComparison): string {
  switch (counted.kind) {
    case 'all':
      return '';
    case 'stretch':
      return counted.to === through
        ? `since ${dayAndMonth(counted.from)}`
        : `${dayAndMonth(counted.from)} to ${dayAndMonth(counted.to)}`;
    case 'some':
      return `${counted.days} of ${counted.of} days`;
    default:
      return counted satisfies never;
  }
}

/** What of a row's comparison is not as the others': "since 10 Dec; 2009 by net_sales@1". */
export function yearRowNote(row: YearRow, comparison: YearComparison): string | null {
  const year = comparison.throughBefore.slice(0, 4);
  const other = row.otherDefinitions.length === 0 ? '' : `${year} by ${row.otherDefinitions.join(', ')}`;
  const note = [countedWords(row.counted, comparison), other].filter((part) => part !== '').join('; ');
  return note === '' ? null : note;
}

/** Why the figures may differ from the month to date. */
export function yearCaption(comparison: YearComparison): string {
  const whole = `Both years count the same days, 1 to ${dayAndMonth(comparison.throughBefore)}`;
  const partial = comparison.rows.some((row) => row.counted.kind !== 'all');
  return partial
    ? `${whole}; where some of them are not published in one of the years, neither counts them.`
    : `${whole}.`;
}
