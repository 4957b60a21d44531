import type { CloseDocument } from '../documents.ts';
import { nextForExceptions } from './next.ts';
import { page, right, table } from './table.ts';
import { day, state } from './values.ts';

const publishedOf = ({ metrics }: CloseDocument) => metrics.filter(({ status }) => status === 'published').length;

/** A line a day, and what to do about those that wait. */
export function daysText(client: string, days: readonly CloseDocument[]): string {
  const rows = days.map((one) => [
    day(one.businessDate),
    right(String(one.attempt)),
    state(one.status),
    right(String(publishedOf(one))),
    right(String(one.exceptions.length)),
  ]);
  return page(
    `${client}: ${days.length} days`,
    table(['Day', 'Attempt', 'Status', 'Published numbers', 'Exceptions'], rows),
    nextForExceptions(days.flatMap(({ exceptions }) => exceptions)),
  );
}
