import { monthOf } from '../../../domain/business-day.ts';
import { closeWorkflowId } from '../../../domain/ids.ts';
import { isLocked } from '../../../domain/period/table.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { findPeriod } from '../../../infra/postgres/period/rows.ts';
import { latestNumbers } from '../../../infra/postgres/publish/numbers.ts';
import { started } from '../../../schemas/api/closes.ts';
import { answers, dayParams } from '../../../schemas/api/common.ts';
import { reviseBody, revisionPreview } from '../../../schemas/api/revisions.ts';
import type { ApiDeps } from '../deps.ts';
import { requireClosableDay } from '../engine/closable-day.ts';
import { previewRevision, startRevision } from '../engine/revise.ts';
import { untilOpened } from '../engine/wait.ts';
import { Problem } from '../problem.ts';
import { type Api, reading, writing } from './route.ts';

/** Throws where there is nothing to revise, or where nothing may be revised any more. */
async function requireRevisable(tx: Tx, client: string, date: string): Promise<void> {
  await requireClosableDay(tx, client, date);
  if ((await latestNumbers(tx, client, date)).length === 0)
    throw new Problem(
      409,
      'not-published',
      'Nothing is published',
      `Nothing of ${client} ${date} is published yet, so there is nothing to revise. Close the day: meshline close run.`,
    );
  const month = monthOf(date);
  if (isLocked((await findPeriod(tx, client, month)).state))
    throw new Problem(
      409,
      'month-locked',
      'The month is locked',
      `${month} of ${client} is locked: its numbers stand. What changes of ${date} is posted to the first open month when the day is closed anew: meshline close run. To revise the day itself, two people reopen the month: meshline period reopen.`,
    );
}

function preview(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/closes/:date/revision-preview',
    {
      config: { right: 'close.run' },
      schema: {
        summary: 'See what a revision would come to; nothing is saved',
        tags: ['closes'],
        params: dayParams,
        response: answers({ 200: revisionPreview }),
      },
    },
    async ({ caller, params: { client, date } }) => {
      await reading(deps, caller, (tx) => requireRevisable(tx, client, date));
      const { metrics, ...rest } = await previewRevision(deps.temporal, { clientId: client, businessDate: date });
      const stores = new Set(metrics.map((one) => one.store));
      const shown = metrics.map(({ store, ...one }) => (stores.size > 1 ? { ...one, store } : one));
      return {
        client,
        businessDate: date,
        metrics: shown,
        sources: [...rest.sources],
        otherDays: [...rest.otherDays],
      };
    },
  );
}

function revise(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/closes/:date/revise',
    {
      config: { right: 'close.revise' },
      schema: {
        summary: 'Revise a published day by what its sources say now, without a further decision',
        tags: ['closes'],
        params: dayParams,
        body: reviseBody,
        response: answers({ 202: started }),
      },
    },
    async ({ caller, params: { client, date }, body: { reason, onBehalfOf } }, reply) => {
      await reading(deps, caller, (tx) => requireRevisable(tx, client, date));
      const { workflowId, runId } = await startRevision(deps.temporal, {
        clientId: client,
        businessDate: date,
        beginsAt: 'capture',
        cause: 'revise',
        actor: caller.person,
      });
      await writing(deps, caller, (tx) =>
        appendAudit(tx, deps.secrets.auditKey, {
          clientId: client,
          businessDate: date,
          actor: caller.person,
          onBehalfOf,
          action: 'close.revise_requested',
          subject: closeWorkflowId(client, date),
          detail: { reason, runId },
        }),
      );
      await untilOpened(deps, caller, runId).catch(() => undefined);
      return reply.code(202).send({ client, businessDate: date, workflowId, runId });
    },
  );
}

/** Revising days that are published, and seeing beforehand what that would change. */
export function revisionRoutes(api: Api, deps: ApiDeps): void {
  preview(api, deps);
  revise(api, deps);
}
