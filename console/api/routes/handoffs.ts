import { listHandoffs } from '../../../infra/postgres/read/handoffs.ts';
import { answers } from '../../../schemas/api/common.ts';
import { handoffList, handoffQuery } from '../../../schemas/api/handoffs.ts';
import type { ApiDeps } from '../deps.ts';
import { listedHandoff } from '../documents/handoff.ts';
import { type Api, reading, requireClient } from './route.ts';

/** Hand-offs: what was owed to whom by when, and what became of it. */
export function handoffRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/handoffs',
    {
      config: { right: 'read' },
      schema: {
        summary: 'List hand-offs',
        tags: ['handoffs'],
        querystring: handoffQuery,
        response: answers({ 200: handoffList }),
      },
    },
    ({ caller, query: { client, date, state } }) =>
      reading(deps, caller, async (tx) => {
        if (client !== undefined) await requireClient(tx, client);
        const filter = { client: client ?? null, date: date ?? null, state: state ?? null };
        return { handoffs: (await listHandoffs(tx, filter)).map(listedHandoff) };
      }),
  );
}
