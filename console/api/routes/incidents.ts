import { isOver } from '../../../domain/incident/states.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { wasNoted } from '../../../infra/postgres/incident/events.ts';
import { isParent, membersOf } from '../../../infra/postgres/incident/rows.ts';
import { findIncident, type ListedIncident, listIncidents } from '../../../infra/postgres/read/incidents.ts';
import { answers } from '../../../schemas/api/common.ts';
import {
  type IncidentDocument,
  type IncidentStepBody,
  incidentDocument,
  incidentList,
  incidentParams,
  incidentQuery,
  incidentStepBody,
  UNRESOLVED,
} from '../../../schemas/api/incidents.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { incidentDocumentOf, listedIncident } from '../documents/incident.ts';
import { handleIncident } from '../engine/handle-incident.ts';
import { notFound, Problem } from '../problem.ts';
import { type Api, reading, requireClient, requireKnown } from './route.ts';

const noIncident = (id: string): Problem => notFound('unknown-incident', `Incident ${id}`);

const documentOf = (deps: ApiDeps, caller: Caller, id: string): Promise<IncidentDocument> =>
  reading(deps, caller, async (tx) => {
    const row = await findIncident(tx, id);
    if (!row) throw noIncident(id);
    return incidentDocumentOf(tx, row);
  });

/** The clients that an incident is about. */
async function clientsOf(tx: Tx, row: ListedIncident): Promise<string[]> {
  const days = isParent(row) ? await membersOf(tx, row.incident_id) : [row];
  return [...new Set(days.map((one) => one.client_id))];
}

/** The incident as it is now, and whether this very step was taken before; whom it is done for must be known. */
const look = (deps: ApiDeps, caller: Caller, id: string, { decisionId, onBehalfOf }: IncidentStepBody) =>
  reading(deps, caller, async (tx): Promise<{ row: ListedIncident; taken: boolean }> => {
    const row = await findIncident(tx, id);
    if (!row) throw noIncident(id);
    await requireKnown(tx, caller, await clientsOf(tx, row), onBehalfOf);
    return { row, taken: await wasNoted(tx, `decision/${decisionId}`) };
  });

/** Takes a step, unless there is nothing left to do: an incident that is over, or a step sent twice, answers what it is. */
async function take(deps: ApiDeps, caller: Caller, id: string, body: IncidentStepBody): Promise<void> {
  const { row, taken } = await look(deps, caller, id, body);
  if (taken || isOver(row.state)) return;
  const { decisionId, verb, reason, onBehalfOf = null } = body;
  const input = { decisionId, verb, reason, actor: caller.person, onBehalfOf };
  const answer = await handleIncident(deps.temporal, id, input);
  if (answer.accepted || isOver(answer.state)) return;
  throw new Problem(409, 'stale-decision', 'The incident has moved on', answer.message);
}

function listRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/incidents',
    {
      config: { right: 'read' },
      schema: {
        summary: 'List incidents',
        tags: ['incidents'],
        querystring: incidentQuery,
        response: answers({ 200: incidentList }),
      },
    },
    ({ caller, query: { client, state } }) =>
      reading(deps, caller, async (tx) => {
        if (client !== undefined) await requireClient(tx, client);
        const unresolved = state === UNRESOLVED;
        const only = unresolved ? null : (state ?? null);
        const rows = await listIncidents(tx, { client: client ?? null, state: only, unresolved });
        return { incidents: rows.map(listedIncident) };
      }),
  );
}

function showRoute(api: Api, deps: ApiDeps): void {
  api.get(
    '/incidents/:id',
    {
      config: { right: 'read' },
      schema: {
        summary: 'Show an incident',
        tags: ['incidents'],
        params: incidentParams,
        response: answers({ 200: incidentDocument }),
      },
    },
    ({ caller, params: { id } }) => documentOf(deps, caller, id),
  );
}

function stepRoute(api: Api, deps: ApiDeps): void {
  api.post(
    '/incidents/:id/decisions',
    {
      config: { right: 'incident.handle' },
      schema: {
        summary: 'Acknowledge, update or resolve an incident',
        tags: ['incidents'],
        params: incidentParams,
        body: incidentStepBody,
        response: answers({ 200: incidentDocument }),
      },
    },
    async ({ caller, params: { id }, body }) => {
      await take(deps, caller, id, body);
      return documentOf(deps, caller, id);
    },
  );
}

/** Incidents, and what people do about them. */
export function incidentRoutes(api: Api, deps: ApiDeps): void {
  listRoute(api, deps);
  showRoute(api, deps);
  stepRoute(api, deps);
}
