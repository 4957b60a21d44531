import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

/** `stored`: shadow, never sent. `draft`: waits for release. `pending`: to be sent now. */
export type DeliveryStatus = 'stored' | 'draft' | 'pending' | 'sent' | 'failed';
export type NewDelivery = {
  reportId: string;
  destinationId: string;
  reportVersion: string;
  mode: string;
  release: string;
  recipients: readonly string[];
  messageId: string;
  subject: string;
  html: string;
  text: string;
  status: DeliveryStatus;
};
/** A mail as it is kept, and as it goes out whenever it does. */
export type KeptDelivery = {
  delivery_id: bigint;
  destination_id: string;
  report_version: string;
  recipients: readonly string[];
  message_id: string;
  subject: string;
  html: string;
  body_text: string;
  status: DeliveryStatus;
};

/** Keeps mails as they will go out, once for each destination and report version; a later try finds the first ones. */
export async function keepDeliveries(
  db: Db,
  key: AttemptKey,
  deliveries: readonly NewDelivery[],
): Promise<KeptDelivery[]> {
  const rows = deliveries.map((one) => ({
    report_id: one.reportId,
    destination_id: one.destinationId,
    report_version: one.reportVersion,
    mode: one.mode,
    release: one.release,
    recipients: one.recipients,
    message_id: one.messageId,
    subject: one.subject,
    html: one.html,
    body_text: one.text,
    status: one.status,
  }));
  await sql`
    insert into delivery (client_id, business_date, attempt, report_id, destination_id, report_version, mode, release, recipients,
      message_id, subject, html, body_text, status)
    select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(report_id text, destination_id text, report_version text,
      mode text, release text, recipients jsonb, message_id text, subject text, html text, body_text text, status text)
    on conflict (client_id, business_date, report_id, destination_id, report_version) do nothing`.execute(db);
  const kept = await sql<KeptDelivery>`
    select delivery_id, destination_id, report_version, recipients, message_id, subject, html, body_text, status from delivery
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and message_id = any(${deliveries.map((one) => one.messageId)})
    order by delivery_id`.execute(db);
  return kept.rows;
}

export async function markDelivery(db: Db, deliveryId: bigint, status: 'sent' | 'failed'): Promise<void> {
  await sql`
    update delivery set status = ${status}, sent_at = case when ${status} = 'sent' then now() end
    where delivery_id = ${deliveryId}`.execute(db);
}

/** Takes mails up again that an earlier attempt has given up; within an attempt, what was given up stays so. */
export async function retryFailed(db: Db, key: AttemptKey, messageIds: readonly string[]): Promise<void> {
  await sql`
    update delivery set status = 'pending', attempt = ${key.attempt}
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and message_id = any(${[...messageIds]})
      and status = 'failed' and attempt < ${key.attempt}`.execute(db);
}
