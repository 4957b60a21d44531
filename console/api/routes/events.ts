import { type EventRow, listEvents } from '../../../infra/postgres/read/events.ts';
import { answers } from '../../../schemas/api/common.ts';
import { type EventList, eventList, eventQuery } from '../../../schemas/api/events.ts';
import type { ApiDeps } from '../deps.ts';
import { type Api, reading, requireClient } from './route.ts';

const toListed = (row: EventRow): EventList['events'][number] => ({
  id: row.event_id,
  client: row.client_id,
  businessDate: row.business_date,
  type: row.type,
  at: row.at.toISOString(),
  facts: { ...row.facts },
  routed: [...row.routed],
  unmatched: row.unmatched,
  deliveries: [...row.deliveries],
});

/** What happened, and where the routing rules sent it. */
export function eventRoutes(api: Api, deps: ApiDeps): void {
  api.get(
    '/events',
    {
      config: { right: 'read' },
      schema: {
        summary: 'List events, and where the routing rules sent them',
        tags: ['events'],
        querystring: eventQuery,
        response: answers({ 200: eventList }),
      },
    },
    ({ caller, query: { client = null, date = null, type = null, unmatched = null } }) =>
      reading(deps, caller, async (tx) => {
        if (client !== null) await requireClient(tx, client);
        return { events: (await listEvents(tx, { client, date, type, unmatched })).map(toListed) };
      }),
  );
}
