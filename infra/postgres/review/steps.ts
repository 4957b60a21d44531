import { sql } from 'kysely';
import type { Ladder, Step } from '../../../domain/exception/ladder.ts';
import type { ExceptionState } from '../../../domain/exception/table.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';
import { becomes, takes } from './transition.ts';

/** Counts an automatic re-run; false where it was counted before or the exception is no longer healing. */
export async function countRerun(db: Db, exceptionId: string, expectedReruns: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set reruns = reruns + 1
    where exception_id = ${exceptionId} and state = 'healing' and reruns = ${expectedReruns}`.execute(db);
  return numAffectedRows === 1n;
}

const COLUMNS = {
  hand_over: 'hand_over_at',
  reminder: 'remind_at',
  deputy: 'deputy_at',
  overdue: 'deadline',
} as const satisfies Record<Step, keyof ExceptionRow>;

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** When each step of the chain comes; nothing comes by itself once the deadline has passed or nobody is asked. */
export function dueOf(row: ExceptionRow): Ladder['dueMs'] {
  const due = (step: Step) => row[COLUMNS[step]]?.getTime() ?? null;
  return { hand_over: due('hand_over'), reminder: due('reminder'), deputy: due('deputy'), overdue: due('overdue') };
}

/** Writes down who is asked and when each step comes. */
export async function setLadder(db: Db, exceptionId: string, { responsible, dueMs }: Ladder): Promise<void> {
  await sql`
    update exception set responsible = ${responsible}, hand_over_at = ${instant(dueMs.hand_over)},
      remind_at = ${instant(dueMs.reminder)}, deputy_at = ${instant(dueMs.deputy)}, deadline = ${instant(dueMs.overdue)}
    where exception_id = ${exceptionId}`.execute(db);
}

/** Makes the exception a question to somebody, from this instant on. */
export async function openQuestion(db: Db, exceptionId: string, state: ExceptionState, askedAt: Date): Promise<void> {
  await sql`
    update exception set state = ${state}, asked_at = ${askedAt} where exception_id = ${exceptionId}`.execute(db);
}

/** A step was taken: it does not come again. */
export async function endStep(db: Db, exceptionId: string, step: Exclude<Step, 'overdue'>): Promise<void> {
  await sql`update exception set ${sql.ref(COLUMNS[step])} = null where exception_id = ${exceptionId}`.execute(db);
}

/** Another person has it from now on; the deadline stays. */
export async function passTo(
  db: Db,
  exceptionId: string,
  responsible: string,
  handOverMs: number | null,
): Promise<void> {
  await sql`
    update exception set responsible = ${responsible}, hand_over_at = ${instant(handOverMs)}, deputy_at = null
    where exception_id = ${exceptionId}`.execute(db);
}

export async function markOverdue(db: Db, exceptionId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set state = ${becomes('pass_deadline', sql`state`)}, hand_over_at = null, remind_at = null, deputy_at = null
    where exception_id = ${exceptionId} and state in ${takes('pass_deadline')}`.execute(db);
  return numAffectedRows === 1n;
}

export async function markClaimed(db: Db, exceptionId: string, person: string, until: Date): Promise<void> {
  await sql`
    update exception set claimed_by = ${person}, claimed_until = ${until} where exception_id = ${exceptionId}`.execute(
    db,
  );
}
