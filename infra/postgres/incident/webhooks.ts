import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** `stored`: its destination is in the shadows; `failed`: given up. */
export type WebhookStatus = 'stored' | 'pending' | 'sent' | 'failed';
export type WebhookRow = {
  delivery_id: string;
  incident_id: string;
  client_id: string;
  destination_id: string;
  event: string;
  url: string;
  secret_ref: string;
  body: string;
  status: WebhookStatus;
  tries: number;
  last_status: number | null;
  last_error: string | null;
  created_at: Date;
  ended_at: Date | null;
};
export type NewWebhook = Pick<
  WebhookRow,
  'delivery_id' | 'incident_id' | 'client_id' | 'destination_id' | 'event' | 'url' | 'secret_ref' | 'body' | 'status'
>;

/** Keeps requests as they will go out, each once; a later try finds the first ones. Answers those that are still to be sent. */
export async function keepWebhooks(db: Db, wanted: readonly NewWebhook[]): Promise<WebhookRow[]> {
  if (wanted.length === 0) return [];
  await sql`
    insert into webhook_delivery (delivery_id, incident_id, client_id, destination_id, event, url, secret_ref, body, status)
    select r.delivery_id, r.incident_id, r.client_id, r.destination_id, r.event, r.url, r.secret_ref, r.body, r.status
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as r(delivery_id text, incident_id text, client_id text,
      destination_id text, event text, url text, secret_ref text, body text, status text)
    on conflict do nothing`.execute(db);
  const { rows } = await sql<WebhookRow>`
    select * from webhook_delivery
    where delivery_id = any(${wanted.map((one) => one.delivery_id)}) and status = 'pending'
    order by delivery_id`.execute(db);
  return rows;
}

/** Notes a try: what was answered, and what became of the request. */
export async function noteTry(
  db: Db,
  deliveryId: string,
  outcome: { status: WebhookStatus; answered: number | null; error: string | null },
): Promise<void> {
  await sql`
    update webhook_delivery set status = ${outcome.status}, tries = tries + 1, last_status = ${outcome.answered},
      last_error = ${outcome.error}, ended_at = case when ${outcome.status} = 'pending' then null else now() end
    where delivery_id = ${deliveryId} and status = 'pending'`.execute(db);
}

/** What was posted of an incident, oldest first. */
export async function webhooksOf(db: Db, incidentId: string): Promise<WebhookRow[]> {
  const { rows } = await sql<WebhookRow>`
    select * from webhook_delivery where incident_id = ${incidentId} order by created_at, delivery_id`.execute(db);
  return rows;
}
