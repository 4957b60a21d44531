import type { FastifyBaseLogger } from 'fastify';
import type { PeriodVerb } from '../../../domain/period/table.ts';
import { owesPeriod } from '../../../infra/postgres/events/owed.ts';
import { findPeriod } from '../../../infra/postgres/period/rows.ts';
import { hastenReconcile } from '../../../infra/temporal/reconcile-schedule.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  type PeriodDocument,
  periodBody,
  periodDocument,
  periodParams,
  reopenBody,
} from '../../../schemas/api/periods.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { periodDocumentOf } from '../documents/period.ts';
import { takeStep } from '../periods/take.ts';
import { type Api, reading, requireClient, writing } from './route.ts';

type Month = { client: string; month: string };

const periodOf = (deps: ApiDeps, caller: Caller, { client, month }: Month): Promise<PeriodDocument> =>
  reading(deps, caller, async (tx) => {
    await requireClient(tx, client);
    return periodDocumentOf(tx, client, await findPeriod(tx, client, month));
  });

const TOLD_WITHIN_MS = 5_000;

/** What the rules route is told at once. Where Temporal is away, the installation's reconcile tells it later. */
async function tell({ temporal }: ApiDeps, log: FastifyBaseLogger): Promise<void> {
  await temporal
    .withDeadline(Date.now() + TOLD_WITHIN_MS, () => hastenReconcile(temporal))
    .catch((error: unknown) => log.warn({ err: error }, 'what the month has to tell could not be told at once'));
}

type Said = { reason?: string | null; onBehalfOf?: string | null };
type Asked = { caller: Caller; log: FastifyBaseLogger };

async function take(
  deps: ApiDeps,
  { caller, log }: Asked,
  month: Month,
  verb: PeriodVerb,
  { reason = null, onBehalfOf = null }: Said,
): Promise<PeriodDocument> {
  const isOwed = await writing(deps, caller, async (tx) => {
    await requireClient(tx, month.client);
    await takeStep(tx, deps, caller, { ...month, verb, reason, onBehalfOf });
    return owesPeriod(tx, month.client);
  });
  if (isOwed) await tell(deps, log);
  return periodOf(deps, caller, month);
}

function showRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients/:client/periods/:month',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show a month: its state, checklist and numbers',
        tags: ['periods'],
        params: periodParams,
        response: answers({ 200: periodDocument }),
      },
    },
    ({ caller, params }) => periodOf(deps, caller, params),
  );
}

function stepRoute(api: Api, deps: ApiDeps, verb: 'close' | 'lock', summary: string): void {
  api.post(
    `/clients/:client/periods/:month/${verb}`,
    {
      config: { right: 'period.close' },
      schema: {
        summary,
        tags: ['periods'],
        params: periodParams,
        body: periodBody,
        response: answers({ 200: periodDocument }),
      },
    },
    ({ caller, log, params, body }) => take(deps, { caller, log }, params, verb, body ?? {}),
  );
}

function reopenRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/periods/:month/reopen',
    {
      config: { right: 'period.close' },
      schema: {
        summary: 'Open a month again; a locked one takes two people',
        tags: ['periods'],
        params: periodParams,
        body: reopenBody,
        response: answers({ 200: periodDocument }),
      },
    },
    ({ caller, log, params, body }) => take(deps, { caller, log }, params, 'reopen', body),
  );
}

/** Months, and what people do to them. */
export function periodRoutes(api: Api, deps: ApiDeps): void {
  showRoute(api, deps);
  stepRoute(api, deps, 'close', 'Soft-close a month');
  stepRoute(api, deps, 'lock', 'Lock a month, as another person than who soft-closed it');
  reopenRoute(api, deps);
}
