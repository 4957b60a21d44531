import type { CloseDocument } from '../documents.ts';
import type { ExitCode } from '../failure.ts';

/** How far a day had come before an attempt was asked for. */
export type Before = { attempt: number; running: boolean };

/** An attempt runs, or is to come by itself. A day that is closed anew keeps its status until the attempt has ended. */
const isRunning = ({ status, stage }: CloseDocument) => status === 'running' || stage !== undefined;

export const beforeOf = (day: CloseDocument | undefined): Before => ({
  attempt: day?.attempt ?? 0,
  running: day !== undefined && isRunning(day),
});

/** The day has ended or waits for a person, in an attempt that was opened after `before` or was running then. */
export function isSettled(day: CloseDocument | undefined, before: Before): day is CloseDocument {
  if (!day || isRunning(day)) return false;
  return day.attempt > before.attempt || (before.running && day.attempt === before.attempt);
}

/** What the days come to: one that waits needs a person first of all, whatever became of the others. */
export function exitOf(days: readonly CloseDocument[]): ExitCode {
  if (days.some(({ status }) => status === 'waiting')) return 3;
  return days.every(({ status }) => status === 'published' || status === 'partially_published') ? 0 : 1;
}
