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
export type DeliveryRow = { delivery_id: bigint; destination_id: string; status: DeliveryStatus; fresh: boolean };

/** Keeps the mail as it will go out, once for each destination and report version; a later try finds the first one. */
export async function keepDelivery(db: Db, key: AttemptKey, one: NewDelivery): Promise<DeliveryRow> {
  const inserted = await sql<DeliveryRow>`
    insert into delivery (client_id, business_date, report_id, destination_id, report_version, attempt, mode, release, recipients,
      message_id, subject, html, body_text, status)
    values (${key.clientId}, ${key.businessDate}, ${one.reportId}, ${one.destinationId}, ${one.reportVersion}, ${key.attempt},
      ${one.mode}, ${one.release}, ${JSON.stringify(one.recipients)}, ${one.messageId}, ${one.subject}, ${one.html}, ${one.text}, ${one.status})
    on conflict (client_id, business_date, report_id, destination_id, report_version) do nothing
    returning delivery_id, destination_id, status, true as fresh`.execute(db);
  if (inserted.rows[0]) return inserted.rows[0];
  const { rows } = await sql<DeliveryRow>`
    select delivery_id, destination_id, status, false as fresh from delivery
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and report_id = ${one.reportId}
      and destination_id = ${one.destinationId} and report_version = ${one.reportVersion}`.execute(db);
  return rows[0]!;
}

export async function markDelivery(db: Db, deliveryId: bigint, status: 'sent' | 'failed'): Promise<void> {
  await sql`
    update delivery set status = ${status}, sent_at = case when ${status} = 'sent' then now() end
    where delivery_id = ${deliveryId}`.execute(db);
}
