import { ApplicationFailure, activityInfo, cancellationSignal } from '@temporalio/activity';
import type { IncidentNews } from '../../domain/incident/news.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { noteEvent } from '../../infra/postgres/incident/events.ts';
import { exceptionsOf, type IncidentRow, isParent, loadIncident } from '../../infra/postgres/incident/rows.ts';
import { keepWebhooks, type NewWebhook, noteTry, type WebhookRow } from '../../infra/postgres/incident/webhooks.ts';
import { secretVariable } from '../../infra/webhook/secrets.ts';
import { sendWebhook, WebhookError } from '../../infra/webhook/send.ts';
import type { WebhookDestination } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { modelOfDay } from './context.ts';
import { routed } from './readers.ts';
import { stepKey } from './record.ts';
import { differenceOf } from './view.ts';

/** About an hour of tries; then the delivery is marked failed. */
const LAST_TRY = 20;

/** The turn of an incident that a request tells of: the key that its receiver sees again where a try is repeated. */
const turnOf = (row: IncidentRow, news: IncidentNews): string =>
  news === 'opened' ? row.severity : news === 'acknowledged' ? row.owner : '';

async function bodyOf({ db }: Deps, row: IncidentRow, news: IncidentNews, deliveryId: string): Promise<string> {
  const exceptions = (await exceptionsOf(db, row.incident_id)).map((one) => ({
    id: one.exception_id,
    kind: one.kind,
    metric: one.metric,
    message: one.message,
    difference: differenceOf(one),
    withheld: one.withheld,
  }));
  const { incident_id: id, client_id: client, business_date: businessDate, severity, owner, state, title, cause } = row;
  const incident = { id, client, businessDate, severity, owner, state, title, cause, exceptions };
  return JSON.stringify({ id: deliveryId, type: `incident.${news}`, at: new Date().toISOString(), incident });
}

async function wantedOf(deps: Deps, row: IncidentRow, news: IncidentNews): Promise<NewWebhook[]> {
  if (isParent(row)) return [];
  const { destinations } = await routed(deps.db, row, await modelOfDay(deps.db, row), news);
  const hooks = destinations.filter((one): one is WebhookDestination => one.kind === 'webhook');
  return Promise.all(
    hooks.map(async (one) => {
      const id = [row.incident_id, news, turnOf(row, news), one.id].filter(Boolean).join('/');
      return {
        delivery_id: id,
        incident_id: row.incident_id,
        client_id: row.client_id,
        destination_id: one.id,
        event: `incident.${news}`,
        url: one.url,
        secret_ref: one.secretRef,
        body: await bodyOf(deps, row, news, id),
        status: one.mode === 'shadow' ? 'stored' : 'pending',
      };
    }),
  );
}

/** Posts a request as it was kept by the first try, or says why it was not taken. */
async function post({ secretOf }: Deps, { url, body, event, delivery_id, secret_ref }: WebhookRow): Promise<number> {
  const secret = secretOf(secret_ref);
  if (secret === null)
    throw new WebhookError('permanent', null, `${secretVariable(secret_ref)} is not set where the workers run`);
  const request = { url, body, event, secret, idempotencyKey: delivery_id, signal: cancellationSignal() };
  return (await sendWebhook(request)).status;
}

async function end(deps: Deps, row: IncidentRow, one: WebhookRow, answered: number | null, error: string | null) {
  const status = error === null ? 'sent' : 'failed';
  await deps.db.transaction().execute(async (tx) => {
    await noteTry(tx, one.delivery_id, { status, answered, error });
    if (error !== null)
      await noteEvent(tx, row, {
        key: stepKey(row.incident_id, 'note', one.delivery_id),
        step: 'note',
        actor: 'meshline',
        event: `${one.destination_id} could not be told of ${one.event}: ${error}.`,
      });
    await appendAudit(tx, deps.secrets.auditKey, {
      clientId: row.client_id,
      businessDate: row.business_date!,
      actor: 'meshline',
      action: error === null ? 'webhook.sent' : 'webhook.failed',
      subject: one.destination_id,
      detail: { event: one.event, incident: row.incident_id, deliveryId: one.delivery_id, answered, error },
    });
  });
}

/** Answers a failure that may heal, for a later try under the same key. */
async function deliver(deps: Deps, row: IncidentRow, one: WebhookRow): Promise<WebhookError | undefined> {
  try {
    await end(deps, row, one, await post(deps, one), null);
    return undefined;
  } catch (error) {
    if (!(error instanceof WebhookError)) throw error;
    if (error.kind === 'permanent' || activityInfo().attempt >= LAST_TRY) {
      await end(deps, row, one, error.status, error.message);
      return undefined;
    }
    await noteTry(deps.db, one.delivery_id, { status: 'pending', answered: error.status, error: error.message });
    return error;
  }
}

/**
 * Posts news of an incident to every webhook that the rules name, each once; one that is away keeps no other waiting.
 */
export function createPostIncident(deps: Deps) {
  return async function postIncident(incidentId: string, news: IncidentNews): Promise<void> {
    const row = (await loadIncident(deps.db, incidentId))!;
    const pending = await keepWebhooks(deps.db, await wantedOf(deps, row, news));
    const failures = await Promise.all(pending.map((one) => deliver(deps, row, one)));
    const unsent = failures.find((one) => one !== undefined);
    // Not a defect: it is tried until the deliveries themselves give up.
    if (unsent) throw ApplicationFailure.retryable(unsent.message, 'WebhookUnavailable');
  };
}
