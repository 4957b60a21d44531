import { sql } from 'kysely';
import { type NoticeKind, togetherWith } from '../../../domain/exception/notice.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

/** A mail that is owed to a person. */
export type NoticeRow = {
  notice_id: string;
  exception_id: string;
  kind: NoticeKind;
  person: string;
  email: string;
  /** The asking of the exception that it belongs to. */
  round: string;
  due_at: Date;
};

export type PlannedNotice = {
  noticeId: string;
  kind: NoticeKind;
  round: string;
  person: string;
  email: string;
  plannedAt: Date;
  dueAt: Date;
};

const columns = sql`notice_id, exception_id, kind, person, recipients->>0 as email, round, due_at`;
const OWED = sql`sent_at is null and dropped_at is null`;

/** Notes that somebody is to be told. The id names the telling: planned twice, it is one. */
export async function planNotice(db: Db, row: ExceptionRow, notice: PlannedNotice): Promise<void> {
  await sql`
    insert into notice (notice_id, client_id, exception_id, kind, recipients, person, round, planned_at, due_at)
    values (${notice.noticeId}, ${row.client_id}, ${row.exception_id}, ${notice.kind}, ${JSON.stringify([notice.email])},
      ${notice.person}, ${notice.round}, ${notice.plannedAt}, ${notice.dueAt})
    on conflict do nothing`.execute(db);
}

/** What is owed about an exception and does not go out with the mail of another. */
export async function owedNotices(db: Db, exceptionId: string): Promise<NoticeRow[]> {
  const { rows } = await sql<NoticeRow>`
    select ${columns} from notice
    where exception_id = ${exceptionId} and ${OWED} and person is not null
      and (carried_by is null or carried_by = notice_id)
    order by due_at, notice_id`.execute(db);
  return rows;
}

export async function loadNotice(db: Db, noticeId: string): Promise<NoticeRow | undefined> {
  const { rows } = await sql<NoticeRow>`select ${columns} from notice where notice_id = ${noticeId}`.execute(db);
  return rows[0];
}

/**
 * The notices that go out as one mail with `noticeId`, itself among them, settled once: a second try has the same ones.
 * Those to one address that waited, for each other or for the end of quiet hours, go together where their kinds do.
 * None where another mail carries it, or it is owed no more.
 */
export async function carryNotices(db: Db, noticeId: string, withinMs: number): Promise<NoticeRow[]> {
  return db.transaction().execute(async (tx) => {
    const taken = await sql<{ kind: NoticeKind; email: string; waited: boolean; again: boolean }>`
      select kind, recipients->>0 as email, due_at > planned_at as waited, carried_by is not null as again from notice
      where notice_id = ${noticeId} and (carried_by is null or carried_by = ${noticeId}) and ${OWED} for update`.execute(
      tx,
    );
    const [first] = taken.rows;
    if (!first) return [];
    if (!first.again) await sql`update notice set carried_by = ${noticeId} where notice_id = ${noticeId}`.execute(tx);
    const kinds = togetherWith(first.kind);
    if (!first.again && first.waited && kinds.length > 0)
      await sql`
        update notice set carried_by = ${noticeId} where notice_id in (
          select notice_id from notice
          where recipients->>0 = ${first.email} and person is not null and kind = any(${[...kinds]}) and ${OWED}
            and carried_by is null and due_at > planned_at
            and due_at <= (select due_at from notice where notice_id = ${noticeId}) + ${withinMs} * interval '1 ms'
          for update skip locked)`.execute(tx);
    const { rows } = await sql<NoticeRow>`
      select ${columns} from notice where carried_by = ${noticeId} and ${OWED} order by planned_at, notice_id`.execute(
      tx,
    );
    return rows;
  });
}

export async function dropNotice(db: Db, noticeId: string): Promise<void> {
  await sql`update notice set dropped_at = now() where notice_id = ${noticeId} and ${OWED}`.execute(db);
}

/** Notes that a mail went out; false where that was noted before. */
export async function markSent(db: Db, noticeId: string, messageId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update notice set sent_at = now(), message_id = ${messageId}
    where notice_id = ${noticeId} and sent_at is null`.execute(db);
  return numAffectedRows === 1n;
}

/** The first mail that an address got about an exception: later ones answer to it. */
export async function threadRoot(db: Db, exceptionId: string, email: string): Promise<string | undefined> {
  const { rows } = await sql<{ message_id: string }>`
    select message_id from notice
    where exception_id = ${exceptionId} and recipients->>0 = ${email} and sent_at is not null
    order by sent_at limit 1`.execute(db);
  return rows[0]?.message_id;
}

/** Addresses that were told of an exception and not yet that it has ended. */
export async function toldOf(db: Db, exceptionId: string): Promise<string[]> {
  const { rows } = await sql<{ email: string }>`
    select email from (
      select distinct on (recipients->>0) recipients->>0 as email, kind from notice
      where exception_id = ${exceptionId} and (sent_at is not null or carried_by is not null) and dropped_at is null
      order by recipients->>0, planned_at desc, (kind = 'ended') desc) told
    where kind <> 'ended' order by email`.execute(db);
  return rows.map((row) => row.email);
}

export async function noticeExists(db: Db, noticeId: string): Promise<boolean> {
  const { rows } = await sql`select from notice where notice_id = ${noticeId}`.execute(db);
  return rows.length > 0;
}
