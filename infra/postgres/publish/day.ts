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
