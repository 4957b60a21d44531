import { sql } from 'kysely';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { becomes, ENDED, takes } from '../review/transition.ts';
import type { ExceptionRow } from './exceptions.ts';

type OpenRow = { exception_id: string; healing: boolean };

/**
 * The day's exceptions that have not ended, and whether automatic re-runs of them remain. A hand-off that was missed says
 * nothing of the day's numbers: it keeps no day waiting.
 */
export async function openExceptions(db: Db, clientId: string, date: string): Promise<OpenRow[]> {
  const { rows } = await sql<OpenRow>`
    select exception_id, state = 'healing' and reruns < maximum_reruns as healing from exception
    where client_id = ${clientId} and business_date = ${date} and kind <> 'handoff' and state not in ${ENDED}`.execute(
    db,
  );
  return rows;
}

/** The day's exceptions that an attempt opened or found again, and that have not ended since. */
export async function exceptionsFoundBy(db: Db, key: AttemptKey): Promise<ExceptionRow[]> {
  const { rows } = await sql<ExceptionRow>`
    select * from exception
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and last_attempt = ${key.attempt}
      and state not in ${ENDED}
    order by exception_id`.execute(db);
  return rows;
}

/** Exceptions whose reviews must hear that an attempt ended: those still open, and those that it resolved. */
export async function concernedExceptions(db: Db, clientId: string, date: string, attempt: number): Promise<string[]> {
  const { rows } = await sql<{ exception_id: string }>`
    select exception_id from exception
    where client_id = ${clientId} and business_date = ${date}
      and (state not in ${ENDED} or last_attempt = ${attempt})`.execute(db);
  return rows.map((row) => row.exception_id);
}

/** Gives back to people what a decision's attempt could not carry out, because it failed or was cancelled. */
export async function reopenUndecided(db: Db, clientId: string, date: string, attempt: number): Promise<void> {
  await sql`
    update exception e set state = ${becomes('give_back', sql`e.state`)}, version = e.version + 1, deadline = null
    where client_id = ${clientId} and business_date = ${date} and state in ${takes('give_back')}
      and exists (select from decision d where d.exception_id = e.exception_id and d.after_attempt < ${attempt} and d.outcome = 'recorded')`.execute(
    db,
  );
  await sql`
    update decision d set outcome = 'spent', used_by_attempt = ${attempt} from exception e
    where d.exception_id = e.exception_id and e.client_id = ${clientId} and e.business_date = ${date}
      and d.outcome = 'recorded' and d.after_attempt < ${attempt}`.execute(db);
}
