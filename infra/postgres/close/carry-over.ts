import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { AttemptKey } from './attempt.ts';

/**
 * Gives an attempt the checks and values of an earlier one, with the hash of the inputs that they were computed from.
 * Repeatable: what a first try copied is replaced.
 */
export async function carryOver(db: Db, key: AttemptKey, from: number): Promise<void> {
  const mine = sql`client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`;
  const theirs = sql`client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${from}`;
  await sql`delete from check_result where ${mine}`.execute(db);
  await sql`
    insert into check_result (client_id, business_date, attempt, check_id, kind, severity, subject, status, message, observed)
    select client_id, business_date, ${key.attempt}, check_id, kind, severity, subject, status, message, observed
    from check_result where ${theirs}`.execute(db);
  await sql`delete from metric_value where ${mine}`.execute(db);
  await sql`
    insert into metric_value (client_id, business_date, attempt, store_id, metric, definition, dimension, member, value_micros, currency)
    select client_id, business_date, ${key.attempt}, store_id, metric, definition, dimension, member, value_micros, currency
    from metric_value where ${theirs}`.execute(db);
  await sql`
    update attempt set input_hash = (select input_hash from attempt where ${theirs}) where ${mine}`.execute(db);
}
