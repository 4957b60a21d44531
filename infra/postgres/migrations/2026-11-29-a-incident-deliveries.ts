import { type Kysely, sql } from 'kysely';

async function nameIncidents(db: Kysely<unknown>): Promise<void> {
  await sql`alter table delivery add column incident_id text references incident`.execute(db);
  await sql`create index delivery_incident on delivery (incident_id) where incident_id is not null`.execute(db);
  await sql`
    update delivery d set incident_id = n.incident_id from incident_notice n where n.message_id = d.message_id`.execute(
    db,
  );
}

/**
 * Drafts that were kept before there were deliveries, each with the destination that named its address last. What was
 * said while an incident was open no longer holds when it is over.
 */
async function moveDrafts(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into delivery (client_id, business_date, attempt, kind, report_id, destination_id, report_version, mode, release,
      recipients, message_id, subject, html, body_text, status, incident_id, created_at)
    select n.client_id, i.business_date, 0, 'event', t.report_id, t.destination_id, n.notice_id, t.mode, 'after_review',
      jsonb_build_array(n.recipient), n.message_id, n.subject, n.html, n.body_text,
      case when n.created_at <= i.resolved_at then 'superseded' else 'draft' end, n.incident_id, n.created_at
    from incident_notice n join incident i using (incident_id) cross join lateral (
      select m.document->'report'->>'id' as report_id, d->>'id' as destination_id, d->>'mode' as mode
      from operating_model m cross join jsonb_array_elements(m.document->'report'->'destinations') d
      where m.client_id = n.client_id and d->>'kind' = 'email' and d->>'mode' <> 'shadow' and d->'to' ? n.recipient
      order by m.version desc limit 1) t
    where n.status = 'draft' and not exists (select from delivery k where k.message_id = n.message_id)
    order by n.created_at, n.notice_id`.execute(db);
}

/** Requests keep the key under which their receivers know them. */
async function moveWebhooks(db: Kysely<unknown>): Promise<void> {
  await sql`
    insert into delivery (client_id, business_date, attempt, kind, channel, report_id, destination_id, report_version, mode,
      release, recipients, message_id, subject, html, body_text, status, event, url, secret_ref, incident_id, created_at,
      sent_at, queued_at)
    select w.client_id, i.business_date, 0, 'event', 'webhook', m.report_id, w.destination_id,
      left(w.delivery_id, -length(w.destination_id) - 1), case w.status when 'stored' then 'shadow' else 'live' end,
      'automatic', jsonb_build_array(w.url), w.delivery_id, concat_ws(' ', w.event, 'of', w.client_id, i.business_date), '',
      w.body, w.status, w.event, w.url, w.secret_ref, w.incident_id, w.created_at,
      case w.status when 'sent' then w.ended_at end, case w.status when 'pending' then now() end
    from webhook_delivery w join incident i using (incident_id) cross join lateral (
      select document->'report'->>'id' as report_id from operating_model
      where client_id = w.client_id order by version desc limit 1) m
    order by w.created_at, w.delivery_id`.execute(db);
  await sql`
    insert into delivery_try (delivery_id, client_id, try, started_at, ended_at, outcome, answered, error)
    select d.delivery_id, w.client_id, w.tries, w.created_at, coalesce(w.ended_at, now()),
      case when w.status = 'sent' then 'sent' when w.last_status is null then 'unknown' else 'refused' end,
      w.last_status, w.last_error
    from webhook_delivery w join delivery d on d.message_id = w.delivery_id where w.tries > 0`.execute(db);
  await sql`drop table webhook_delivery`.execute(db);
}

/** Whatever leaves the team about an incident is a delivery. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await nameIncidents(db);
  await moveDrafts(db);
  await moveWebhooks(db);
}
