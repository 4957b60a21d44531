import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import type { ShownNumber } from './told.ts';

/** `stored`: shadow, never sent. `draft`: waits for release. `pending`: to be sent now. */
export type DeliveryStatus = 'stored' | 'draft' | 'pending' | 'sent' | 'failed';
/** `report`: a day's; `correction`: numbers that were told otherwise before. */
export type DeliveryKind = 'report' | 'correction' | 'event';
export type NewDelivery = {
  kind: DeliveryKind;
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
  /** The versions that it tells of. */
  shows: readonly ShownNumber[];
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

const KEPT = sql`delivery_id, destination_id, report_version, recipients, message_id, subject, html, body_text, status`;

/**
 * Keeps mails as they will go out, once for each destination and report version, with what they show; a later try finds
 * the first ones.
 */
export async function keepDeliveries(db: Db, key: AttemptKey, deliveries: readonly NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map((one) => ({
    kind: one.kind,
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
  const shown = deliveries.flatMap(({ messageId: message_id, shows }) =>
    shows.map(({ business_date, metric, store_id, dimension, member, version }) => ({
      message_id,
      business_date,
      metric,
      store_id,
      dimension,
      member,
      version,
    })),
  );
  await sql`
    with kept as (
      insert into delivery (client_id, business_date, attempt, kind, report_id, destination_id, report_version, mode, release,
        recipients, message_id, subject, html, body_text, status)
      select ${key.clientId}, ${key.businessDate}, ${key.attempt}, r.*
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, report_id text, destination_id text, report_version text,
        mode text, release text, recipients jsonb, message_id text, subject text, html text, body_text text, status text)
      on conflict (client_id, business_date, report_id, destination_id, report_version) do nothing
      returning delivery_id, message_id
    )
    insert into delivery_number (client_id, delivery_id, business_date, metric, store_id, dimension, member, version)
    select ${key.clientId}, k.delivery_id, s.business_date, s.metric, s.store_id, s.dimension, s.member, s.version
    from kept k join jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s(message_id text, business_date date, metric text,
      store_id text, dimension text, member text, version integer) using (message_id)`.execute(db);
}

/** The latest of each destination's deliveries of a day's report. */
export async function latestDeliveries(
  db: Db,
  { clientId, businessDate }: AttemptKey,
  reportId: string,
  destinationIds: readonly string[],
): Promise<KeptDelivery[]> {
  const { rows } = await sql<KeptDelivery>`
    select * from (
      select distinct on (destination_id) ${KEPT} from delivery
      where client_id = ${clientId} and business_date = ${businessDate} and kind = 'report' and report_id = ${reportId}
        and destination_id = any(${[...destinationIds]})
      order by destination_id, delivery_id desc
    ) latest order by delivery_id`.execute(db);
  return rows;
}

/** A delivery as it was kept. */
export async function keptDelivery(db: Db, messageId: string): Promise<KeptDelivery | undefined> {
  const { rows } = await sql<KeptDelivery>`select ${KEPT} from delivery where message_id = ${messageId}`.execute(db);
  return rows[0];
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
