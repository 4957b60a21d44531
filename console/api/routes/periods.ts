import type { PeriodVerb } from '../../../domain/period/table.ts';
import { findPeriod } from '../../../infra/postgres/period/rows.ts';
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

async function take(
  deps: ApiDeps,
  caller: Caller,
  month: Month,
  verb: PeriodVerb,
  { reason = null, onBehalfOf = null }: { reason?: string | null; onBehalfOf?: string | null },
): Promise<PeriodDocument> {
  await writing(deps, caller, async (tx) => {
    await requireClient(tx, month.client);
    await takeStep(tx, deps, caller, { ...month, verb, reason, onBehalfOf });
  });
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
    ({ caller, params, body }) => take(deps, caller, params, verb, body ?? {}),
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
    ({ caller, params, body }) => take(deps, caller, params, 'reopen', body),
  );
}

/** Months, and what people do to them. */
export function periodRoutes(api: Api, deps: ApiDeps): void {
  showRoute(api, deps);
  stepRoute(api, deps, 'close', 'Soft-close a month');
  stepRoute(api, deps, 'lock', 'Lock a month, as another person than who soft-closed it');
  reopenRoute(api, deps);
}
