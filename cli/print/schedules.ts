import type { ScheduleList } from '../documents.ts';
import { table } from './table.ts';

export function schedulesText({ schedules }: ScheduleList): string {
  if (schedules.length === 0) return 'There is nothing to schedule: no client has a report with a time.';
  const rows = schedules.map(({ client, at, timezone, changed }) => [
    client,
    at,
    timezone,
    changed ? { text: 'created or repaired', tone: 'good' as const } : 'was right already',
  ]);
  return table(['Client', 'Every night at', 'Time zone', ''], rows);
}
