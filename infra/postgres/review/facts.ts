import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

export type ComparisonRow = {
  control_id: string;
  ours_micros: bigint;
  theirs_micros: bigint;
  difference_micros: bigint;
  unreconciled_micros: bigint;
};
export type ItemRow = { kind: string; amount_micros: bigint; records: number };
export type TriedRow = {
  attempt: number;
  cause: string;
  begins_at: string;
  status: string;
  error: string | null;
  started_at: Date;
  ended_at: Date | null;
};

const ofLastAttempt = (row: ExceptionRow) =>
  sql`client_id = ${row.client_id} and business_date = ${row.business_date} and attempt = ${row.last_attempt} and control_id = ${row.control_id}
    and store_id = ${row.store_id} and slice = ${row.slice}`;

/** The comparison behind a control's exception, by the attempt that found it last. */
export async function comparisonOf(
  db: Db,
  row: ExceptionRow,
): Promise<{ control: ComparisonRow; items: ItemRow[] } | null> {
  const { rows } = await sql<ComparisonRow>`
    select control_id, ours_micros, theirs_micros, difference_micros, unreconciled_micros from control_result
    where ${ofLastAttempt(row)} and difference_micros is not null`.execute(db);
  if (!rows[0]) return null;
  const items = await sql<ItemRow>`
    select kind, amount_micros, records from reconciling_item where ${ofLastAttempt(row)} order by item_id`.execute(db);
  return { control: rows[0], items: items.rows };
}

/** What has been tried since the exception was first found, oldest first. */
export async function attemptsSince(db: Db, row: ExceptionRow): Promise<TriedRow[]> {
  const { rows } = await sql<TriedRow>`
    select attempt, cause, begins_at, status, error, started_at, ended_at from attempt
    where client_id = ${row.client_id} and business_date = ${row.business_date} and attempt >= ${row.opened_attempt}
    order by attempt`.execute(db);
  return rows;
}

/** The metrics of the report that an exception holds back; one of a hand-off holds back none. */
export async function withheldMetrics(db: Db, row: ExceptionRow): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select distinct metric from withheld_number
    where client_id = ${row.client_id} and business_date = ${row.business_date} and attempt = ${row.last_attempt}
      and dimension = '' and ${row.kind} <> 'handoff'`.execute(db);
  return rows.map((one) => one.metric);
}
