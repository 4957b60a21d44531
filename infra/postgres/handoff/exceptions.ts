import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db, Tx } from '../connect.ts';
import { emitExceptions } from '../events/exceptions.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { becomes, ENDED, takes } from '../review/transition.ts';

/** Ends the exception of a hand-off: it was delivered, or somebody accepts that it is not. */
export async function endHandoffException(
  tx: Tx,
  exceptionId: string,
  attempt: number,
  resolution: 'delivered' | 'accepted',
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set state = ${becomes('find_no_more', sql`state`)}, version = version + 1, resolved_at = now(),
      last_attempt = ${attempt}, resolution = ${resolution}
    where exception_id = ${exceptionId} and kind = 'handoff' and state in ${takes('find_no_more')}`.execute(tx);
  if (numAffectedRows !== 1n) return false;
  await emitExceptions(tx, [exceptionId]);
  return true;
}

/** The day's hand-offs that an attempt found undelivered, and that nobody has ended since. */
export async function handoffExceptionsFoundBy(db: Db, key: AttemptKey): Promise<ExceptionRow[]> {
  const { rows } = await sql<ExceptionRow>`
    select * from exception
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and last_attempt = ${key.attempt}
      and kind = 'handoff' and state not in ${ENDED}
    order by exception_id`.execute(db);
  return rows;
}

/** Whether a hand-off of the day still has to be made: its exception stands. */
export async function owesHandoff(db: Db, clientId: string, date: string): Promise<boolean> {
  const { rows } = await sql`
    select from exception
    where client_id = ${clientId} and business_date = ${date} and kind = 'handoff' and state not in ${ENDED} limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Open exceptions of hand-offs that somebody has accepted as they stand, with the decision. */
export async function acceptedHandoffs(
  db: Db,
  { clientId, businessDate }: Pick<AttemptKey, 'clientId' | 'businessDate'>,
): Promise<{ exception_id: string; decision_id: string; handoff_id: string }[]> {
  const { rows } = await sql<{ exception_id: string; decision_id: string; handoff_id: string }>`
    select e.exception_id, d.decision_id, h.handoff_id
    from exception e join decision d using (exception_id) join handoff h on h.exception_id = e.exception_id
    where e.client_id = ${clientId} and e.business_date = ${businessDate} and e.kind = 'handoff' and e.state = 'deciding'
      and d.verb = 'approve' and d.outcome = 'recorded' and d.input_hash = e.input_hash and h.kind = 'destination'`.execute(
    db,
  );
  return rows;
}

/** The hand-offs to destinations that an exception is about. */
export async function destinationsOf(db: Db, exceptionId: string): Promise<string[]> {
  const { rows } = await sql<{ handoff_id: string }>`
    select handoff_id from handoff where exception_id = ${exceptionId} and kind = 'destination'`.execute(db);
  return rows.map((one) => one.handoff_id);
}

/** What somebody lets rest undelivered of a day: the hand-off, and what was found of it. */
export async function restingHandoffs(
  db: Db,
  { clientId, businessDate }: Pick<AttemptKey, 'clientId' | 'businessDate'>,
): Promise<Pick<ExceptionRow, 'subject' | 'input_hash'>[]> {
  const { rows } = await sql<Pick<ExceptionRow, 'subject' | 'input_hash'>>`
    select subject, input_hash from exception
    where client_id = ${clientId} and business_date = ${businessDate} and kind = 'handoff' and state = 'rejected'`.execute(
    db,
  );
  return rows;
}
