import { setTimeout as sleep } from 'node:timers/promises';
import { findDay, findDays, runEnded } from '../../../infra/postgres/read/day.ts';
import { startOrJoinClose } from '../../../infra/temporal/start-close.ts';
import {
  type CloseDocument,
  closeDocument,
  closeList,
  closeQuery,
  rangeQuery,
  startBody,
  started,
} from '../../../schemas/api/closes.ts';
import { answers, clientParams, dayParams } from '../../../schemas/api/common.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { closeDocumentOf } from '../documents/close.ts';
import { requireClosableDay } from '../engine/closable-day.ts';
import { runningClose } from '../engine/running-close.ts';
import { noDay } from '../problem.ts';
import { type Api, reading, requireClient } from './route.ts';

const LOOK_AGAIN_MS = 200;
/** A worker that is there opens the attempt at once; one that is away must not hold the answer. */
const OPENED_WITHIN_MS = 5_000;

type Day = { client: string; date: string };

function closeOf(deps: ApiDeps, caller: Caller, { client, date }: Day): Promise<CloseDocument> {
  return reading(deps, caller, async (tx) => {
    await requireClient(tx, client);
    const day = await findDay(tx, client, date);
    if (!day) throw noDay(client, date);
    return closeDocumentOf(tx, client, day);
  });
}

/** Whether the day says what it will say until somebody acts: no attempt runs, and none is to come by itself. */
function hasSettled(deps: ApiDeps, caller: Caller, { client, date }: Day, runId: string | undefined): Promise<boolean> {
  return reading(deps, caller, async (tx) => {
    if (runId !== undefined && !(await runEnded(tx, runId))) return false;
    const day = await findDay(tx, client, date);
    return day === undefined || (day.status !== 'running' && day.stage === null);
  });
}

/** Looks again and again, each time in a transaction of its own, until the day has settled or the time is up. */
async function waitForDay(deps: ApiDeps, caller: Caller, day: Day, waitMs: number, signal: AbortSignal): Promise<void> {
  await reading(deps, caller, (tx) => requireClient(tx, day.client));
  const until = Date.now() + waitMs;
  const runId = await runningClose(deps.temporal, day.client, day.date);
  while (!signal.aborted && !(await hasSettled(deps, caller, day, runId)) && Date.now() < until)
    await sleep(LOOK_AGAIN_MS);
}

/** Answers once the attempt is open, so that whoever looks next sees the day run and not what it was before. */
async function untilOpened(deps: ApiDeps, caller: Caller, runId: string): Promise<void> {
  const until = Date.now() + OPENED_WITHIN_MS;
  while ((await reading(deps, caller, (tx) => runEnded(tx, runId))) === undefined && Date.now() < until)
    await sleep(LOOK_AGAIN_MS);
}

/** Closing days, and what became of them. */
export function closeRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/closes/:date',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show the close of a day',
        tags: ['closes'],
        params: dayParams,
        querystring: closeQuery,
        response: answers({ 200: closeDocument }),
      },
    },
    async ({ caller, params, query: { waitSeconds = 0 }, signal }) => {
      if (waitSeconds > 0) await waitForDay(deps, caller, params, waitSeconds * 1_000, signal);
      return closeOf(deps, caller, params);
    },
  );

  api.get(
    '/clients/:client/closes',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show the closes of a range of days',
        tags: ['closes'],
        params: clientParams,
        querystring: rangeQuery,
        response: answers({ 200: closeList }),
      },
    },
    ({ caller, params: { client }, query: { from, to } }) =>
      reading(deps, caller, async (tx) => {
        await requireClient(tx, client);
        const days: CloseDocument[] = [];
        for (const day of await findDays(tx, client, from, to)) days.push(await closeDocumentOf(tx, client, day));
        return { days };
      }),
  );

  api.post(
    '/clients/:client/closes/:date',
    {
      config: { right: 'close.run' },
      schema: {
        summary: 'Close a day, or close it anew',
        tags: ['closes'],
        params: dayParams,
        body: startBody,
        response: answers({ 202: started }),
      },
    },
    async ({ caller, params: { client, date } }, reply) => {
      await reading(deps, caller, (tx) => requireClosableDay(tx, client, date));
      const { workflowId, runId } = await startOrJoinClose(deps.temporal, {
        clientId: client,
        businessDate: date,
        beginsAt: 'capture',
        cause: 'manual',
        actor: caller.person,
      });
      await untilOpened(deps, caller, runId);
      return reply.code(202).send({ client, businessDate: date, workflowId, runId });
    },
  );
}
