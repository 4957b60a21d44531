import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { Slot } from './batch.ts';
import { isOfBatch } from './raw-event-id.ts';

/** Locks business days in the order of their dates; the order is what keeps two closes from waiting for each other. */
export async function lockDays(db: Db, clientId: string, dates: readonly string[]): Promise<void> {
  await sql`
    select 1 from business_day where client_id = ${clientId} and business_date = any(${[...dates]}::date[])
    order by business_date for update`.execute(db);
}

/** Ends the standing of the certificates that match; the published numbers stay as they are. */
async function lapse(db: Db, clientId: string, dates: readonly string[], reason: string): Promise<void> {
  await sql`
    update certificate set lapsed_at = now(), lapse_reason = ${reason}
    where client_id = ${clientId} and business_date = any(${[...dates]}::date[]) and lapsed_at is null`.execute(db);
  await sql`
    update business_day set lapsed_at = now()
    where client_id = ${clientId} and business_date = any(${[...dates]}::date[]) and status <> 'running'`.execute(db);
}

/** Days whose numbers may rest on the slot: its own, and those of the records that its earlier batches brought. */
async function daysOfSlot(db: Db, slot: Slot, batchId: bigint): Promise<string[]> {
  const { rows } = await sql<{ business_date: string }>`
    select ${slot.slotDate}::date as business_date
    union
    select r.business_date from capture_batch b join raw_event r on ${sql.raw(isOfBatch('r.raw_event_id', 'b.batch_id'))}
    where b.client_id = ${slot.clientId} and b.source_id = ${slot.sourceId} and b.slot_date = ${slot.slotDate} and b.batch_id <> ${batchId}
    order by 1`.execute(db);
  return rows.map((row) => row.business_date);
}

/**
 * A changed slot ends the standing of every certificate that rests on one of its earlier batches, and of its own day's.
 * The days are locked before anything is looked for: a publication that is under way is waited for, and then seen.
 */
export async function lapseAfterCapture(db: Db, slot: Slot, batchId: bigint): Promise<string[]> {
  await lockDays(db, slot.clientId, await daysOfSlot(db, slot, batchId));
  const { rows } = await sql<{ business_date: string }>`
    select distinct c.business_date from certificate c
    left join certificate_batch cb using (certificate_id) left join capture_batch b on b.batch_id = cb.batch_id
    where c.client_id = ${slot.clientId} and c.lapsed_at is null
      and (c.business_date = ${slot.slotDate}
        or (b.source_id = ${slot.sourceId} and b.slot_date = ${slot.slotDate} and b.batch_id <> ${batchId}))
    order by 1`.execute(db);
  const dates = rows.map((row) => row.business_date);
  if (dates.length > 0) await lapseDays(db, slot.clientId, dates, `${slot.sourceId}/${slot.slot} changed`);
  return dates;
}

/** Entries posted to other days end the standing of those days' certificates. */
export async function lapseDays(db: Db, clientId: string, dates: readonly string[], reason: string): Promise<void> {
  await lockDays(db, clientId, dates);
  await lapse(db, clientId, dates, reason);
}
