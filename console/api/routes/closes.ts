import { closeWorkflowId } from '../../../domain/ids.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { findDay, findDays } from '../../../infra/postgres/read/day.ts';
import { startOrJoinClose } from '../../../infra/temporal/start-close.ts';
import {
  type CloseDocument,
  cancelBody,
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
import { cancelRun, runningClose } from '../engine/running-close.ts';
import { untilEnded, untilOpened, untilSettled } from '../engine/wait.ts';
import { noDay, Problem } from '../problem.ts';
import { assertRange } from '../range.ts';
import { type Api, reading, requireClient, writing } from './route.ts';

type Day = { client: string; date: string };

function closeOf(deps: ApiDeps, caller: Caller, { client, date }: Day): Promise<CloseDocument> {
  return reading(deps, caller, async (tx) => {
    await requireClient(tx, client);
    const day = await findDay(tx, client, date);
    if (!day) throw noDay(client, date);
    return closeDocumentOf(tx, client, day);
  });
}

async function waitForDay(deps: ApiDeps, caller: Caller, day: Day, waitMs: number, signal: AbortSignal): Promise<void> {
  await reading(deps, caller, (tx) => requireClient(tx, day.client));
  // What the day is stands in the database: it is told also while Temporal is away.
  const runId = await runningClose(deps.temporal, day.client, day.date).catch(() => undefined);
  await untilSettled(deps, caller, { ...day, runId }, waitMs, signal);
}

/** Notes who asked for what, in the transaction that finds that it may be done. */
async function noteRequest(
  tx: Tx,
  { secrets }: ApiDeps,
  caller: Caller,
  { client, date }: Day,
  request: { action: string; onBehalfOf?: string; detail: Record<string, unknown> },
): Promise<void> {
  await appendAudit(tx, secrets.auditKey, {
    clientId: client,
    businessDate: date,
    actor: caller.person,
    onBehalfOf: request.onBehalfOf,
    action: request.action,
    subject: closeWorkflowId(client, date),
    detail: request.detail,
  });
}

const notRunning = ({ client, date }: Day): Problem =>
  new Problem(
    409,
    'not-running',
    'No attempt runs',
    `No attempt at ${client} ${date} runs, so there is nothing to cancel.`,
  );

function showClose(api: Api, deps: ApiDeps): void {
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
}

function listCloses(api: Api, deps: ApiDeps): void {
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
    ({ caller, params: { client }, query: { from, to } }) => {
      assertRange(from, to);
      return reading(deps, caller, async (tx) => {
        await requireClient(tx, client);
        const days: CloseDocument[] = [];
        for (const day of await findDays(tx, client, from, to)) days.push(await closeDocumentOf(tx, client, day));
        return { days };
      });
    },
  );
}

function startClose(api: Api, deps: ApiDeps): void {
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
    async ({ caller, params, body }, reply) => {
      const { client, date } = params;
      await writing(deps, caller, async (tx) => {
        await requireClosableDay(tx, client, date);
        const onBehalfOf = body?.onBehalfOf;
        await noteRequest(tx, deps, caller, params, { action: 'close.requested', onBehalfOf, detail: {} });
      });
      const { workflowId, runId } = await startOrJoinClose(deps.temporal, {
        clientId: client,
        businessDate: date,
        beginsAt: 'capture',
        cause: 'manual',
        actor: caller.person,
      });
      // The attempt is started, and stays so where the database goes away during this wait.
      await untilOpened(deps, caller, runId).catch(() => undefined);
      return reply.code(202).send({ client, businessDate: date, workflowId, runId });
    },
  );
}

function cancelClose(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/closes/:date/cancel',
    {
      config: { right: 'close.cancel' },
      schema: {
        summary: 'Cancel the attempt that runs',
        tags: ['closes'],
        params: dayParams,
        body: cancelBody,
        response: answers({ 200: closeDocument }),
      },
    },
    async ({ caller, params, body: { reason, onBehalfOf } }) => {
      await reading(deps, caller, (tx) => requireClient(tx, params.client));
      const runId = await runningClose(deps.temporal, params.client, params.date);
      if (runId === undefined) throw notRunning(params);
      await writing(deps, caller, (tx) =>
        noteRequest(tx, deps, caller, params, {
          action: 'close.cancel_requested',
          onBehalfOf,
          detail: { reason, runId },
        }),
      );
      await cancelRun(deps.temporal, closeWorkflowId(params.client, params.date), runId);
      await untilEnded(deps, caller, runId);
      return closeOf(deps, caller, params);
    },
  );
}

/** Closing days, and what became of them. */
export function closeRoutes(api: Api, deps: ApiDeps): void {
  showClose(api, deps);
  listCloses(api, deps);
  startClose(api, deps);
  cancelClose(api, deps);
}
