import type { Client } from '@temporalio/client';

/** What became of one run of a close: how long it and each of its stages took, and how many activities it had. */
export type RunTimes = { seconds: number; activities: number; stages: ReadonlyMap<string, number> };

const STAGE_OF: Readonly<Record<string, string>> = {
  captureSource: 'capture',
  captureTotals: 'capture',
  normalizeDay: 'normalize',
  validateDay: 'validate',
  enrichDay: 'enrich',
  reconcileDay: 'reconcile',
  publishDay: 'publish',
  deliverReport: 'deliver',
};
export const STAGES = ['capture', 'normalize', 'validate', 'enrich', 'reconcile', 'publish', 'deliver'];

type Span = { from: number; to: number };

function widen(spans: Map<string, Span>, stage: string, from: number, to: number): void {
  const before = spans.get(stage) ?? { from, to };
  spans.set(stage, { from: Math.min(before.from, from), to: Math.max(before.to, to) });
}

const secondsOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
  Number(time?.seconds ?? 0) + (time?.nanos ?? 0) / 1e9;

/** Reads the times from the history of a workflow's last run: a stage lasts from its schedule to its completion. */
export async function runTimes(client: Client, workflowId: string): Promise<RunTimes> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const scheduled = new Map<string, { name: string; at: number }>();
  const spans = new Map<string, Span>();
  for (const event of events ?? []) {
    const at = secondsOf(event.eventTime);
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    if (name) scheduled.set(String(event.eventId), { name, at });
    const done = event.activityTaskCompletedEventAttributes?.scheduledEventId;
    const begun = done && scheduled.get(String(done));
    if (begun) widen(spans, STAGE_OF[begun.name] ?? 'other', begun.at, at);
  }
  const times = (events ?? []).map(({ eventTime }) => secondsOf(eventTime));
  const stages = new Map([...spans].map(([stage, { from, to }]) => [stage, to - from]));
  return { seconds: (times.at(-1) ?? 0) - (times[0] ?? 0), activities: scheduled.size, stages };
}
