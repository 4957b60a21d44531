import { sql } from 'kysely';
import type { DeliveryChannel, DeliveryKind, DeliveryState, Guarantee } from '../../../domain/delivery.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { READERS, type ShownNumber } from './told.ts';

export type NewDelivery = {
  kind: DeliveryKind;
  channel: DeliveryChannel;
  guarantee: Guarantee;
  reportId: string;
  destinationId: string;
  /** Of a report its version; of anything else what tells it from others of the same day, report and destination. */
  reportVersion: string;
  mode: string;
  release: string;
  recipients: readonly string[];
  /** Whom it tells, where that is not said by its recipients or its destination. */
  readers?: readonly string[];
  /** The mail's Message-ID, or the request's Idempotency-Key: the same for every try. */
  messageId: string;
  subject: string;
  /** Empty for a webhook. */
  html: string;
  /** The text of a mail, or the JSON body of a request. */
  text: string;
  status: DeliveryState;
  /** What a webhook is told: `report.published`. Null for a mail, as are the two after it. */
  event: string | null;
  url: string | null;
  secretRef: string | null;
  patienceMs: number;
  /** The incident that it is news of; null for anything else. */
  incidentId: string | null;
  /** The versions of numbers that it tells of. */
  shows: readonly ShownNumber[];
};
/** A delivery as it is kept, and as it goes out whenever it does. */
export type KeptDelivery = {
  delivery_id: bigint;
  client_id: string;
  business_date: string;
  kind: DeliveryKind;
  channel: DeliveryChannel;
  guarantee: Guarantee;
  destination_id: string;
  report_version: string;
  recipients: readonly string[];
  message_id: string;
  subject: string;
  html: string;
  body_text: string;
  status: DeliveryState;
  event: string | null;
  url: string | null;
  secret_ref: string | null;
  patience_ms: bigint;
  incident_id: string | null;
  /** Since when it waits in its destination's outbox; null where it does not. */
  queued_at: Date | null;
};

export const KEPT = sql`delivery_id, client_id, business_date, kind, channel, guarantee, destination_id, report_version, recipients,
  message_id, subject, html, body_text, status, event, url, secret_ref, patience_ms, incident_id, queued_at`;

const rowOf = (one: NewDelivery) => ({
  kind: one.kind,
  channel: one.channel,
  guarantee: one.guarantee,
  report_id: one.reportId,
  destination_id: one.destinationId,
  report_version: one.reportVersion,
  mode: one.mode,
  release: one.release,
  recipients: one.recipients,
  readers: one.readers ?? null,
  message_id: one.messageId,
  subject: one.subject,
  html: one.html,
  body_text: one.text,
  status: one.status,
  event: one.event,
  url: one.url,
  secret_ref: one.secretRef,
  patience_ms: one.patienceMs,
  incident_id: one.incidentId,
});

/**
 * Through the outbox goes every webhook, whatever is no report, and a mail that would overtake what waits for the same
 * destination; any other mail is sent by the activity that keeps it.
 */
const isQueued = (
  row: string,
) => sql`(${sql.ref(`${row}.channel`)} = 'webhook' or ${sql.ref(`${row}.kind`)} <> 'report' or exists (select from delivery q
  where q.client_id = ${sql.ref(`${row}.client_id`)} and q.destination_id = ${sql.ref(`${row}.destination_id`)}
    and q.queued_at is not null))`;

/**
 * Of one day's report a destination has one draft: the version that it was kept for last. Where the numbers came back
 * to what they had been, that version's draft stands again. Of corrections each reader has one at all: the last tells
 * everything.
 */
async function supersedeDrafts(db: Db, ids: readonly string[]): Promise<void> {
  await sql`
    update delivery set status = 'draft', superseded_by = null
    where message_id = any(${[...ids]}) and kind = 'report' and status = 'superseded'`.execute(db);
  await sql`
    update delivery o set status = 'superseded', superseded_by = k.delivery_id
    from delivery k
    where k.message_id = any(${[...ids]}) and o.kind = k.kind and o.client_id = k.client_id
      and (k.kind = 'correction' and o.recipients ?| array(select jsonb_array_elements_text(k.recipients))
        or k.kind = 'report' and o.business_date = k.business_date and o.destination_id = k.destination_id)
      and o.report_id = k.report_id and o.delivery_id <> k.delivery_id and o.status = 'draft'`.execute(db);
}

/** What new deliveries tell of; of one that was kept before it stands already. */
async function noteShown(db: Db, clientId: string, deliveries: readonly NewDelivery[]): Promise<void> {
  const rows = deliveries.flatMap(({ messageId: message_id, shows }) =>
    shows.map(({ business_date, metric, store_id, dimension, member, version, in_passing = false }) => ({
      message_id,
      business_date,
      metric,
      store_id,
      dimension,
      member,
      version,
      in_passing,
    })),
  );
  await sql`
    insert into delivery_number (client_id, delivery_id, business_date, metric, store_id, dimension, member, version, in_passing)
    select ${clientId}, k.delivery_id, s.business_date, s.metric, s.store_id, s.dimension, s.member, s.version, s.in_passing
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s(message_id text, business_date date, metric text, store_id text,
      dimension text, member text, version integer, in_passing boolean) join delivery k using (message_id)
    where not exists (select from delivery_number n where n.delivery_id = k.delivery_id)`.execute(db);
}

/**
 * Keeps deliveries as they will go out, once for each destination and version; a later try finds the first ones. Runs
 * in a transaction: what a delivery tells of is kept with it.
 */
export async function keepDeliveries(
  db: Db,
  key: AttemptKey,
  deliveries: readonly NewDelivery[],
): Promise<KeptDelivery[]> {
  const ids = deliveries.map((one) => one.messageId);
  await sql`
    insert into delivery (client_id, business_date, attempt, kind, channel, guarantee, report_id, destination_id, report_version,
      mode, release, recipients, readers, message_id, subject, html, body_text, status, event, url, secret_ref, patience_ms,
      incident_id, queued_at)
    select r.client_id, ${key.businessDate}, ${key.attempt}, r.kind, r.channel, r.guarantee, r.report_id, r.destination_id,
      r.report_version, r.mode, r.release, r.recipients, r.readers, r.message_id, r.subject, r.html, r.body_text, r.status, r.event, r.url,
      r.secret_ref, r.patience_ms, r.incident_id, case when r.status = 'pending' and ${isQueued('r')} then now() end
    from (select ${key.clientId}::text as client_id, j.* from jsonb_to_recordset(${JSON.stringify(deliveries.map(rowOf))}::jsonb)
      as j(kind text, channel text, guarantee text, report_id text, destination_id text, report_version text, mode text,
        release text, recipients jsonb, readers jsonb, message_id text, subject text, html text, body_text text, status text, event text,
        url text, secret_ref text, patience_ms bigint, incident_id text)) r
    on conflict (client_id, business_date, report_id, destination_id, report_version) do nothing`.execute(db);
  await noteShown(db, key.clientId, deliveries);
  await supersedeDrafts(db, ids);
  const kept = await sql<KeptDelivery>`
    select ${KEPT} from delivery
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and message_id = any(${ids})
    order by delivery_id`.execute(db);
  return kept.rows;
}

/** Takes up again what an earlier attempt has given up; within an attempt, what was given up stays so. */
export async function retryFailed(db: Db, key: AttemptKey, messageIds: readonly string[]): Promise<void> {
  await sql`
    update delivery d set status = 'pending', attempt = ${key.attempt}, queued_at = case when ${isQueued('d')} then now() end
    where d.client_id = ${key.clientId} and d.business_date = ${key.businessDate} and d.message_id = any(${[...messageIds]})
      and d.status = 'failed' and d.attempt < ${key.attempt}`.execute(db);
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
        and destination_id = any(${[...destinationIds]}) and status <> 'superseded'
      order by destination_id, delivery_id desc
    ) latest order by delivery_id`.execute(db);
  return rows;
}

/** Readers whom a correction of this night went to already, or is about to: by channel and reader. */
export async function correctedTonight(db: Db, clientId: string, night: string): Promise<Set<string>> {
  const { rows } = await sql<{ reader: string }>`
    select distinct k.channel || '/' || r.reader as reader from delivery k cross join lateral (select ${READERS} as reader) r
    where k.client_id = ${clientId} and k.kind = 'correction' and k.business_date = ${night}
      and k.status not in ('draft', 'superseded', 'failed')`.execute(db);
  return new Set(rows.map((row) => row.reader));
}

/** A correction by what it tells whom, and what became of it. */
export type KeptCorrection = { destinationId: string; reportVersion: string; status: DeliveryState };

/** Corrections that were kept and not let out. */
export async function unsentCorrections(db: Db, clientId: string): Promise<KeptCorrection[]> {
  const { rows } = await sql<KeptCorrection>`
    select distinct destination_id as "destinationId", report_version as "reportVersion", status from delivery
    where client_id = ${clientId} and kind = 'correction' and status in ('draft', 'stored')`.execute(db);
  return rows;
}

/** Takes back drafts of corrections that are owed no more: what they say no longer holds. */
export async function withdrawCorrections(db: Db, clientId: string, owed: readonly KeptCorrection[]): Promise<void> {
  await sql`
    update delivery k set status = 'superseded'
    where k.client_id = ${clientId} and k.kind = 'correction' and k.status = 'draft' and not exists (
      select from jsonb_to_recordset(${JSON.stringify(owed)}::jsonb) as o("destinationId" text, "reportVersion" text)
      where o."destinationId" = k.destination_id and o."reportVersion" = k.report_version)`.execute(db);
}
