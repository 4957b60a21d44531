import { setTimeout as sleep } from 'node:timers/promises';
import { closeWorkflowId } from '../../../domain/ids.ts';
import { findDay, runEnded } from '../../../infra/postgres/read/day.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { reading } from '../routes/route.ts';

const LOOK_AGAIN_MS = 200;
/** A worker that is there opens the attempt at once; one that is away must not hold the answer. */
const OPENED_WITHIN_MS = 5_000;
const ENDED_WITHIN_MS = 30_000;

/** Looks again and again, each time in a transaction of its own, until it is so or the time is up. */
async function until(holds: () => Promise<boolean>, withinMs: number, signal?: AbortSignal): Promise<void> {
  const end = Date.now() + withinMs;
  while (!signal?.aborted && !(await holds()) && Date.now() < end) await sleep(LOOK_AGAIN_MS);
}

/** Waits until the attempt of a run is open, so that whoever looks next sees the day run and not what it was before. */
export const untilOpened = (deps: ApiDeps, caller: Caller, runId: string): Promise<void> =>
  until(async () => (await reading(deps, caller, (tx) => runEnded(tx, runId))) !== undefined, OPENED_WITHIN_MS);

/** Waits until the attempt of a run has ended and said what the day is now. */
export const untilEnded = (deps: ApiDeps, caller: Caller, runId: string): Promise<void> =>
  until(async () => (await reading(deps, caller, (tx) => runEnded(tx, runId))) === true, ENDED_WITHIN_MS);

export type AwaitedDay = { client: string; date: string; runId: string | undefined };

/** Whether the day says what it will say until somebody acts: no attempt runs, and none is to come by itself or by a decision. */
const hasSettled = (deps: ApiDeps, caller: Caller, { client, date, runId }: AwaitedDay): Promise<boolean> =>
  reading(deps, caller, async (tx) => {
    if (runId !== undefined && !(await runEnded(tx, runId))) return false;
    const day = await findDay(tx, client, date);
    return day === undefined || (day.status !== 'running' && day.stage === null && !day.deciding);
  });

/** Temporal tells of a run's end at once. Returns when it has, when the time is up, and where it cannot be asked. */
async function untilRunEnded(
  { temporal }: ApiDeps,
  { client, date, runId }: AwaitedDay,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const run = temporal.workflow.getHandle(closeWorkflowId(client, date), runId, { followRuns: false });
  const within = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  await temporal.withAbortSignal(within, () => run.result()).catch(() => undefined);
}

/** Waits until the day has settled, `waitMs` at most. */
export async function untilSettled(
  deps: ApiDeps,
  caller: Caller,
  day: AwaitedDay,
  waitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() + waitMs;
  if (day.runId !== undefined) await untilRunEnded(deps, day, waitMs, signal);
  await until(() => hasSettled(deps, caller, day), end - Date.now(), signal);
}
