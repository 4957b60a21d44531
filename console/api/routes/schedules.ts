import { sql } from 'kysely';
import { appendAudit } from '../../../infra/postgres/audit.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { listClients } from '../../../infra/postgres/read/clients.ts';
import { ensureSchedules } from '../../../infra/temporal/schedules.ts';
import { answers } from '../../../schemas/api/common.ts';
import { scheduleBody, scheduleList } from '../../../schemas/api/schedules.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { unprocessable } from '../problem.ts';
import { type Api, writing } from './route.ts';
import { latestModel } from './sources.ts';

type Night = { clientId: string; at: string; timezone: string };

async function nightOf(tx: Tx, clientId: string): Promise<Night> {
  const { report, client } = await latestModel(tx, clientId);
  return { clientId, at: report.schedule.at, timezone: client.timezone };
}

/** Notes that the client's nights are wanted: the installation's reconcile repairs a schedule that gets lost. */
async function markScheduled(tx: Tx, key: Buffer, night: Night, caller: Caller, onBehalfOf?: string): Promise<void> {
  const { numAffectedRows } = await sql`
    update client set scheduled_at = now() where client_id = ${night.clientId} and scheduled_at is null`.execute(tx);
  if (numAffectedRows !== 1n) return;
  const { clientId, ...detail } = night;
  await appendAudit(tx, key, {
    clientId,
    actor: caller.person,
    onBehalfOf,
    action: 'schedule.set',
    subject: clientId,
    detail,
  });
}

/** Nightly schedules. */
export function scheduleRoutes(api: Api, deps: ApiDeps): void {
  api.post(
    '/schedules',
    {
      config: { right: 'schedule.set' },
      schema: {
        summary: 'Make or repair nightly schedules',
        tags: ['closes'],
        body: scheduleBody,
        response: answers({ 200: scheduleList }),
      },
    },
    async ({ caller, body: { client, all, onBehalfOf } }) => {
      if ((client === undefined) === (all !== true))
        throw unprocessable('which-clients', 'Whose schedule?', 'Name one client, or say all: one of the two.');
      const nights = await writing(deps, caller, async (tx) => {
        const clients = client === undefined ? (await listClients(tx)).map((one) => one.client_id) : [client];
        const wanted: Night[] = [];
        for (const one of clients) wanted.push(await nightOf(tx, one));
        for (const night of wanted) await markScheduled(tx, deps.secrets.auditKey, night, caller, onBehalfOf);
        return wanted;
      });
      const ensured = await ensureSchedules(deps.temporal, nights);
      return {
        schedules: ensured.map(({ clientId, scheduleId, changed }) => {
          const { at, timezone } = nights.find((one) => one.clientId === clientId)!;
          return { client: clientId, scheduleId, at, timezone, changed };
        }),
      };
    },
  );
}
