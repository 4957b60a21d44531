import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Lets a draft out: it waits in its destination's outbox from then on. False where it is no draft any more. */
export async function releaseDraft(tx: Db, deliveryId: bigint, person: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update delivery set status = 'pending', queued_at = now(), released_by = ${person}, released_at = now()
    where delivery_id = ${deliveryId} and status = 'draft'`.execute(tx);
  return numAffectedRows === 1n;
}

/**
 * Has a delivery sent once more, as it was. False where it waits to be sent already, or where this very request was
 * taken before.
 */
export async function queueAgain(tx: Db, deliveryId: bigint, requestId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update delivery set queued_at = now(), resend_id = ${requestId},
      status = case when status in ('failed', 'uncertain') then 'pending' else status end
    where delivery_id = ${deliveryId} and queued_at is null and status in ('sent', 'failed', 'uncertain')
      and resend_id is distinct from ${requestId}`.execute(tx);
  return numAffectedRows === 1n;
}

/** Takes back drafts of mails from before an incident was over: what they say no longer holds. */
export async function withdrawNews(db: Db, incidentId: string): Promise<void> {
  await sql`
    update delivery d set status = 'superseded' from incident i
    where d.incident_id = ${incidentId} and i.incident_id = d.incident_id and d.created_at <= i.resolved_at
      and d.channel = 'email' and d.status = 'draft'`.execute(db);
}
