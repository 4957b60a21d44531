import { applyOperatingModel } from '../../../infra/operating-model/apply.ts';
import { type ClientRow, findVersion, listClients, type VersionRow } from '../../../infra/postgres/read/clients.ts';
import {
  applied,
  applyBody,
  type ClientDocument,
  clientDocument,
  clientList,
  clientQuery,
} from '../../../schemas/api/clients.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import type { ApiDeps } from '../deps.ts';
import { noClient, notFound, unprocessable } from '../problem.ts';
import { type Api, reading, requireClient, writing } from './route.ts';

const toListed = ({ client_id, name, version, timezone, currency, business_date, status }: ClientRow) => ({
  id: client_id,
  name,
  version,
  timezone,
  currency,
  lastDay: business_date && status ? { businessDate: business_date, status } : null,
});

const toDocument = (client: string, row: VersionRow): ClientDocument => ({
  client,
  version: row.version,
  effectiveFrom: row.effective_from,
  appliedBy: row.applied_by,
  appliedAt: row.applied_at.toISOString(),
  document: row.document,
  origins: row.origins,
});

export const today = (): string => new Date().toISOString().slice(0, 10);

/** Clients and their operating models. */
export function clientRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients',
    {
      config: { right: 'read' },
      schema: { summary: 'List the clients', tags: ['clients'], response: answers({ 200: clientList }) },
    },
    ({ caller }) => reading(deps, caller, async (tx) => ({ clients: (await listClients(tx)).map(toListed) })),
  );

  api.post(
    '/clients',
    {
      config: { right: 'model.apply' },
      schema: {
        summary: 'Apply a client’s operating model',
        tags: ['clients'],
        body: applyBody,
        response: answers({ 200: applied }),
      },
    },
    ({ caller, body }) =>
      writing(deps, caller, async (tx) => {
        const { auditKey } = deps.secrets;
        const result = await applyOperatingModel(tx, { ...body, auditKey, actor: caller.person, today: today() });
        if (!('problems' in result)) return result;
        throw unprocessable(
          'invalid-model',
          'The operating model is not valid',
          `${body.base} has ${result.problems.length} problem(s). Nothing was changed; correct them and apply it again.`,
          { problems: [...result.problems], missing: [...result.missing] },
        );
      }),
  );

  api.get(
    '/clients/:client',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show a client’s operating model',
        tags: ['clients'],
        params: clientParams,
        querystring: clientQuery,
        response: answers({ 200: clientDocument }),
      },
    },
    ({ caller, params: { client }, query: { version } }) =>
      reading(deps, caller, async (tx) => {
        await requireClient(tx, client);
        const row = await findVersion(tx, client, version ?? null);
        if (row) return toDocument(client, row);
        if (version === undefined) throw noClient(client);
        throw notFound(`Version ${version} of ${client}`, 'Leave the version out for the latest.');
      }),
  );
}
