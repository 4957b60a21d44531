import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A mail of an incident to one reader: `draft` where a person has to release it first. */
export type NewNotice = {
  noticeId: string;
  incidentId: string;
  clientId: string;
  event: string;
  recipient: string;
  status: 'draft' | 'sent';
  messageId: string;
  subject: string;
  html: string;
  text: string;
};

/** Keeps what was told. The id names the telling: the same again is a mail sent twice, and noted once. */
export async function keepNotice(db: Db, one: NewNotice): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into incident_notice (notice_id, incident_id, client_id, event, recipient, status, message_id, subject, html,
      body_text, sent_at)
    values (${one.noticeId}, ${one.incidentId}, ${one.clientId}, ${one.event}, ${one.recipient}, ${one.status},
      ${one.messageId}, ${one.subject}, ${one.html}, ${one.text}, case when ${one.status} = 'sent' then now() end)
    on conflict do nothing`.execute(db);
  return numAffectedRows === 1n;
}

export async function isKept(db: Db, noticeId: string): Promise<boolean> {
  const { rows } = await sql`select from incident_notice where notice_id = ${noticeId}`.execute(db);
  return rows.length > 0;
}

/** The first mail that an address got about an incident, but for this one: later ones answer to it. */
export async function firstMail(
  db: Db,
  incidentId: string,
  recipient: string,
  but: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ message_id: string }>`
    select message_id from incident_notice
    where incident_id = ${incidentId} and recipient = ${recipient} and sent_at is not null and message_id <> ${but}
    order by sent_at limit 1`.execute(db);
  return rows[0]?.message_id;
}

export type NoticeRow = { event: string; recipient: string; status: 'draft' | 'sent'; at: Date };

/** Who was told what of an incident, oldest first. A draft that was released is told when its delivery was sent. */
export async function noticesOf(db: Db, incidentId: string): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select n.event, n.recipient, case when d.sent_at is null then n.status else 'sent' end as status,
      coalesce(d.sent_at, n.sent_at, n.created_at) as at
    from incident_notice n left join delivery d using (message_id)
    where n.incident_id = ${incidentId} order by n.created_at, n.recipient`.execute(db);
  return rows;
}

/**
 * Who has heard that an incident over the same cause is open: of the wider incident, or of another client's part in it.
 */
export async function toldOfCause(db: Db, parentId: string, incidentId: string): Promise<Set<string>> {
  const { rows } = await sql<{ recipient: string }>`
    select distinct n.recipient from incident_notice n join incident i using (incident_id)
    where (i.parent_id = ${parentId} or i.incident_id = ${parentId}) and i.incident_id <> ${incidentId}
      and n.event = 'opened' and n.status = 'sent'`.execute(db);
  return new Set(rows.map((row) => row.recipient));
}

/** Readers outside the team whom a person has let know that an incident is open. */
export async function releasedTo(db: Db, incidentId: string): Promise<Set<string>> {
  const { rows } = await sql<{ recipient: string }>`
    select n.recipient from incident_notice n join delivery d using (message_id)
    where n.incident_id = ${incidentId} and n.event <> 'resolved' and (d.released_at is not null or d.sent_at is not null)`.execute(
    db,
  );
  return new Set(rows.map((row) => row.recipient));
}
