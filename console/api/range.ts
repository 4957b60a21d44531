import { addDays } from '../../domain/business-day.ts';
import { unprocessable } from './problem.ts';

const MOST_DAYS = 1_100;

/** Throws a 422 problem for days that end before they begin, and for more of them than one request may ask for. */
export function assertRange(from: string, to: string): void {
  if (to < from)
    throw unprocessable('invalid-range', 'The range ends before it begins', `${from} to ${to}. Swap its ends.`);
  if (addDays(from, MOST_DAYS) > to) return;
  throw unprocessable(
    'invalid-range',
    'The range is too long',
    `${from} to ${to} has more than ${MOST_DAYS} days. Ask for it in parts.`,
  );
}
