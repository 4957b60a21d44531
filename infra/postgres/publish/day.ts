import { sql } from 'kysely';
import type { DayStatus } from '../../../domain/close.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

export type SettledDay = { status: DayStatus; modelVersion: number; inputHash: string; lapsed: boolean };

/** Notes what the day rests on now. It stays lapsed where a published number no longer says what its inputs say. */
export async function settleDay(db: Db, key: AttemptKey, day: SettledDay): Promise<void> {
  await sql`
    update business_day set settled_attempt = ${key.attempt}, settled_status = ${day.status}, model_version = ${day.modelVersion}, input_hash = ${day.inputHash},
      lapsed_at = case when ${day.lapsed} then coalesce(lapsed_at, now()) end
    where client_id = ${key.clientId} and business_date = ${key.businessDate}`.execute(db);
}

export type PublishedBefore = { status: DayStatus; published: number; withheld: number };

/** What an attempt has published over these inputs already; undefined where nothing. */
export async function publishedBefore(
  db: Db,
  key: AttemptKey,
  inputHash: string,
): Promise<PublishedBefore | undefined> {
  const ofAttempt = sql`t.client_id = d.client_id and t.business_date = d.business_date and t.attempt = ${key.attempt}`;
  const { rows } = await sql<PublishedBefore>`
    select settled_status as status, (select count(*)::int from published_number t where ${ofAttempt}) as published,
      (select count(*)::int from withheld_number t where ${ofAttempt}) as withheld
    from business_day d
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and settled_attempt = ${key.attempt}
      and input_hash = ${inputHash}`.execute(db);
  return rows[0];
}
