import { applyOperatingModel, type NotApplied } from '../../../infra/operating-model/apply.ts';
import { draftModel } from '../../../infra/operating-model/draft-model.ts';
import { type ClientRow, findVersion, listClients, type VersionRow } from '../../../infra/postgres/read/clients.ts';
import {
  applied,
  applyBody,
  type ClientDocument,
  clientDocument,
  clientList,
  clientQuery,
  previewBody,
  previewDocument,
} from '../../../schemas/api/clients.ts';
import { answers, clientParams } from '../../../schemas/api/common.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { requireOver } from '../engine/closable-day.ts';
import { previewDay } from '../engine/preview.ts';
import { assertLocations } from '../locations.ts';
import { noClient, notFound, Problem, unprocessable } from '../problem.ts';
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

/** A preview reads the client's files: a token that does not reach the client may not look at them. */
function assertReached({ clients }: Caller, clientId: string): void {
  if (clients === null || clients.includes(clientId)) return;
  throw new Problem(
    403,
    'not-allowed',
    'Not allowed',
    `The token does not reach ${clientId}. Ask an administrator for one that names it.`,
  );
}

/** `missing` tells whoever sent the document which files to send too. */
const invalidModel = (base: string, { problems, missing }: NotApplied): Problem =>
  unprocessable(
    'invalid-model',
    'The operating model is not valid',
    `${base} has ${problems.length} problem(s). Nothing was changed; correct them and apply it again.`,
    { problems: [...problems], missing: [...missing] },
  );

export const today = (): string => new Date().toISOString().slice(0, 10);

function listRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/clients',
    {
      config: { right: 'read' },
      schema: { summary: 'List the clients', tags: ['clients'], response: answers({ 200: clientList }) },
    },
    ({ caller }) => reading(deps, caller, async (tx) => ({ clients: (await listClients(tx)).map(toListed) })),
  );
}

function applyRoute(api: Api, deps: ApiDeps): void {
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
        const drafted = caller.clients === null ? null : draftModel(body.files, body.base, today());
        if (drafted?.ok) await assertLocations(tx, caller, drafted.model);
        const { isSecretSet } = deps;
        const input = { ...body, auditKey, actor: caller.person, today: today(), isSecretSet };
        const result = await applyOperatingModel(tx, input);
        if ('problems' in result) throw invalidModel(body.base, result);
        return result;
      }),
  );
}

function previewRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/clients/preview',
    {
      config: { right: 'model.preview' },
      schema: {
        summary: 'Try an operating model on a day',
        tags: ['clients'],
        body: previewBody,
        response: answers({ 200: previewDocument }),
      },
    },
    async ({ caller, body: { base, files, date } }) => {
      const drafted = draftModel(files, base, today());
      if (!drafted.ok) throw invalidModel(base, drafted);
      const clientId = drafted.model.client.id;
      assertReached(caller, clientId);
      requireOver(drafted.model, date);
      await reading(deps, caller, (tx) => assertLocations(tx, caller, drafted.model));
      return previewDay(deps.temporal, { base, files, date, clientId, actor: caller.person });
    },
  );
}

function showRoute(api: Api, deps: ApiDeps): void {
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
        throw notFound('unknown-version', `Version ${version} of ${client}`);
      }),
  );
}

/** Clients and their operating models. */
export function clientRoutes(api: Api, deps: ApiDeps): void {
  listRoute(api, deps);
  applyRoute(api, deps);
  previewRoute(api, deps);
  showRoute(api, deps);
}
