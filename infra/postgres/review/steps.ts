import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Counts an automatic re-run; false where it was counted before or the exception is no longer healing. */
export async function countRerun(db: Db, exceptionId: string, expectedReruns: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set reruns = reruns + 1
    where exception_id = ${exceptionId} and state = 'healing' and reruns = ${expectedReruns}`.execute(db);
  return numAffectedRows === 1n;
}

/** Makes the exception a question with a deadline; false where it is one already, or none any more. */
export async function askForDecision(db: Db, exceptionId: string, deadline: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set state = 'awaiting_decision', deadline = ${deadline}
    where exception_id = ${exceptionId} and (state = 'healing' or (state = 'awaiting_decision' and deadline is null))`.execute(
    db,
  );
  return numAffectedRows === 1n;
}

export async function markOverdue(db: Db, exceptionId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update exception set state = 'overdue'
    where exception_id = ${exceptionId} and state = 'awaiting_decision'`.execute(db);
  return numAffectedRows === 1n;
}

/** Notes that somebody was told. The id names the telling: the same one again is a mail sent twice, and noted once. */
export async function noteNotice(
  db: Db,
  notice: {
    noticeId: string;
    clientId: string;
    exceptionId: string;
    kind: string;
    recipients: readonly string[];
    messageId: string;
  },
): Promise<void> {
  await sql`
    insert into notice (notice_id, client_id, exception_id, kind, recipients, message_id)
    values (${notice.noticeId}, ${notice.clientId}, ${notice.exceptionId}, ${notice.kind},
      ${JSON.stringify(notice.recipients)}, ${notice.messageId})
    on conflict do nothing`.execute(db);
}

export async function wasTold(db: Db, noticeId: string): Promise<boolean> {
  const { rows } = await sql`select from notice where notice_id = ${noticeId}`.execute(db);
  return rows.length > 0;
}
