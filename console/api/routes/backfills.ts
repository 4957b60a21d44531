import { backfillWorkflowId } from '../../../domain/ids.ts';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import { backfillStarted, rangeBody } from '../../../schemas/api/closes.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import type { ApiDeps } from '../deps.ts';
import { startOrJoinBackfill } from '../engine/backfill.ts';
import { requireClosableDay } from '../engine/closable-day.ts';
import { assertRange } from '../range.ts';
import { type Api, writing } from './route.ts';

/** Closing a range of days in their order. */
export function backfillRoutes(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/:client/backfills',
    {
      config: { right: 'close.run' },
      schema: {
        summary: 'Close a range of days',
        tags: ['closes'],
        params: clientParams,
        body: rangeBody,
        response: answers({ 202: backfillStarted }),
      },
    },
    async ({ caller, params: { client }, body: { from, to, onBehalfOf } }, reply) => {
      assertRange(from, to);
      await writing(deps, caller, async (tx) => {
        await requireClosableDay(tx, client, to);
        await appendAudit(tx, deps.secrets.auditKey, {
          clientId: client,
          actor: caller.person,
          onBehalfOf,
          action: 'backfill.requested',
          subject: backfillWorkflowId(client, from, to),
          detail: { from, to },
        });
      });
      const workflowId = await startOrJoinBackfill(deps.temporal, { clientId: client, from, to, actor: caller.person });
      return reply.code(202).send({ workflowId });
    },
  );
}
