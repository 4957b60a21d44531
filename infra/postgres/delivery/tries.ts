import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { KeptDelivery } from '../report/deliveries.ts';

/** `refused`: the receiver said so; `unreached`: it was never spoken to; `unknown`: it may have taken it. */
export type TryOutcome = 'sent' | 'refused' | 'unreached' | 'unknown';
export type TryEnd = { outcome: TryOutcome; answered: number | null; error: string | null };

const INTERRUPTED = 'Cut off before its outcome was known.';

/** What an earlier try left open is as it may be; answers whether there was one. */
async function endInterrupted(tx: Db, deliveryId: bigint): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update delivery_try set ended_at = now(), outcome = 'unknown', error = ${INTERRUPTED}
    where delivery_id = ${deliveryId} and ended_at is null`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

async function openTry(tx: Db, { delivery_id, client_id, guarantee }: KeptDelivery): Promise<number> {
  const { rows } = await sql<{ try: number }>`
    insert into delivery_try (delivery_id, client_id, try)
    select ${delivery_id}, ${client_id}, coalesce(max(try), 0) + 1 from delivery_try where delivery_id = ${delivery_id}
    returning try`.execute(tx);
  if (guarantee === 'at_most_once')
    await sql`update delivery set status = 'sending' where delivery_id = ${delivery_id} and status = 'pending'`.execute(
      tx,
    );
  return rows[0]!.try;
}

/**
 * Begins a try, committed before anybody is spoken to. Null where an earlier one was cut off and the receiver is to get
 * it at most once: it is not to be tried again.
 */
export function beginTry(db: Db, delivery: KeptDelivery): Promise<number | null> {
  return db.transaction().execute(async (tx) => {
    await sql`select from delivery where delivery_id = ${delivery.delivery_id} for update`.execute(tx);
    const wasInterrupted = await endInterrupted(tx, delivery.delivery_id);
    if (wasInterrupted && delivery.guarantee === 'at_most_once') return null;
    return openTry(tx, delivery);
  });
}

/** Notes how a try ended. One that was taken for interrupted meanwhile is told as it was. */
export async function endTry(db: Db, deliveryId: bigint, number: number, end: TryEnd): Promise<void> {
  await sql`
    update delivery_try set ended_at = now(), outcome = ${end.outcome}, answered = ${end.answered}, error = ${end.error}
    where delivery_id = ${deliveryId} and try = ${number}`.execute(db);
}

/** The receiver certainly did not take it: it may be tried again, whatever its destination says. */
export async function awaitAnother(db: Db, deliveryId: bigint): Promise<void> {
  await sql`update delivery set status = 'pending' where delivery_id = ${deliveryId} and status = 'sending'`.execute(
    db,
  );
}

/**
 * Notes what became of a delivery, and takes it out of the outbox. What reached its receiver once has done so, whatever
 * becomes of sending it again.
 */
export async function settleDelivery(
  db: Db,
  deliveryId: bigint,
  status: 'sent' | 'failed' | 'uncertain',
): Promise<void> {
  await sql`
    update delivery set status = case when sent_at is null then ${status} else 'sent' end, queued_at = null,
      sent_at = coalesce(sent_at, case when ${status} = 'sent' then now() end)
    where delivery_id = ${deliveryId}`.execute(db);
}
