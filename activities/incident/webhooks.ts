import type { IncidentNews } from '../../domain/incident/news.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { exceptionsOf, type IncidentRow, loadIncident } from '../../infra/postgres/incident/rows.ts';
import { keepDeliveries } from '../../infra/postgres/report/deliveries.ts';
import type { WebhookDestination } from '../../schemas/operating-model.ts';
import { deliveryTo, type Message } from '../delivery/compose.ts';
import { wakeOutboxes } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { modelOfDay } from './context.ts';
import { routed } from './readers.ts';
import { differenceOf } from './view.ts';

/** The turn of an incident that a request tells of: the same news of another turn is another request. */
const turnOf = (row: IncidentRow, news: IncidentNews): string =>
  news === 'opened' ? row.severity : news === 'acknowledged' ? row.owner : '';

async function incidentData(db: Db, row: IncidentRow) {
  const exceptions = (await exceptionsOf(db, row.incident_id)).map((one) => ({
    id: one.exception_id,
    kind: one.kind,
    metric: one.metric,
    message: one.message,
    difference: differenceOf(one),
    withheld: one.withheld,
  }));
  const { incident_id: id, client_id: client, business_date: businessDate, severity, owner, state, title, cause } = row;
  return { id, client, businessDate, severity, owner, state, title, cause, exceptions };
}

/** What a system is told of an incident. */
const messageAbout = (row: IncidentRow, news: IncidentNews, incident: object): Message => ({
  kind: 'event',
  event: `incident.${news}`,
  version: [row.incident_id, news, turnOf(row, news)].filter(Boolean).join('/'),
  incidentId: row.incident_id,
  mail: () => {
    throw new TypeError('Mails about incidents are written for each reader.');
  },
  shows: [],
  data: { incident },
});

/** Keeps news of an incident for every webhook that the rules name, each once; their outboxes send them. */
export function createPostIncident(deps: Pick<Deps, 'db' | 'engine' | 'pages'>) {
  return async function postIncident(incidentId: string, news: IncidentNews): Promise<void> {
    const row = (await loadIncident(deps.db, incidentId))!;
    if (row.business_date === null) return;
    const day = { clientId: row.client_id, businessDate: row.business_date };
    const model = await modelOfDay(deps.db, row);
    const { destinations } = await routed(deps.db, row, model, news);
    const hooks = destinations.filter((one): one is WebhookDestination => one.kind === 'webhook');
    if (hooks.length === 0) return;
    const message = messageAbout(row, news, await incidentData(deps.db, row));
    const wanted = hooks.map((one) => deliveryTo(deps, model, day, message, one));
    const kept = await deps.db.transaction().execute((tx) => keepDeliveries(tx, { ...day, attempt: 0 }, wanted));
    await wakeOutboxes(deps, kept);
  };
}
