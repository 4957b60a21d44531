import { sql } from 'kysely';
import type { CheckItem } from '../../../domain/period/checklist.ts';
import type { AdjustedTotal, PeriodNumber } from '../../../domain/period/numbers.ts';
import { type Group, groupOf } from '../../../domain/publish/sort.ts';
import type { AuditHead } from '../audit.ts';
import type { Db } from '../connect.ts';

type AdjustedRow = {
  store_id: string;
  metric: string;
  definition: string;
  currency: string | null;
  micros: bigint;
};

/** What was posted to a month about the totals of earlier ones. */
export async function adjustedTotals(db: Db, clientId: string, month: string): Promise<AdjustedTotal[]> {
  const { rows } = await sql<AdjustedRow>`
    select store_id, metric, definition, currency, sum(amount_micros)::bigint as micros from prior_period_adjustment
    where client_id = ${clientId} and period_month = ${month} and dimension = ''
    group by store_id, metric, definition, currency order by store_id, metric, definition`.execute(db);
  return rows.map(({ store_id: storeId, ...row }) => ({ ...row, storeId }));
}

export type NewLock = {
  lock: number;
  contentHash: string;
  checklist: readonly CheckItem[];
  closedBy: string;
  closedAt: Date;
  closeReason: string | null;
  lockedBy: string;
  reason: string | null;
};

/** Keeps a month's numbers as they are locked, with the end of the audit chain that says so. */
export async function storeLock(
  db: Db,
  clientId: string,
  month: string,
  one: NewLock,
  numbers: readonly PeriodNumber[],
  head: AuditHead,
): Promise<void> {
  await sql`
    insert into period_lock (client_id, month, lock, content_hash, checklist, closed_by, closed_at, close_reason, locked_by,
      lock_reason, audit_sequence, audit_hash)
    values (${clientId}, ${month}, ${one.lock}, ${one.contentHash}, ${JSON.stringify(one.checklist)}, ${one.closedBy},
      ${one.closedAt}, ${one.closeReason}, ${one.lockedBy}, ${one.reason}, ${head.sequence}, ${head.hash})`.execute(db);
  const rows = numbers.map((number) => ({
    store_id: number.storeId,
    metric: number.metric,
    definition: number.definition,
    currency: number.currency,
    days: number.days,
    days_micros: number.daysMicros === null ? null : String(number.daysMicros),
    adjustment_micros: String(number.adjustmentMicros),
    value_micros: number.valueMicros === null ? null : String(number.valueMicros),
  }));
  await sql`
    insert into period_number (client_id, month, lock, store_id, metric, definition, currency, days, days_micros,
      adjustment_micros, value_micros)
    select ${clientId}, ${month}, ${one.lock}, r.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(store_id text, metric text, definition text, currency text, days integer, days_micros bigint,
        adjustment_micros bigint, value_micros bigint)`.execute(db);
}

export type LockRow = {
  lock: number;
  content_hash: string;
  checklist: CheckItem[];
  closed_by: string;
  closed_at: Date;
  close_reason: string | null;
  locked_by: string;
  lock_reason: string | null;
  locked_at: Date;
  audit_sequence: bigint;
  audit_hash: string;
};

export async function findLock(db: Db, clientId: string, month: string, lock: number): Promise<LockRow> {
  const { rows } = await sql<LockRow>`
    select lock, content_hash, checklist, closed_by, closed_at, close_reason, locked_by, lock_reason, locked_at,
      audit_sequence, audit_hash
    from period_lock where client_id = ${clientId} and month = ${month} and lock = ${lock}`.execute(db);
  return rows[0]!;
}

type NumberRow = {
  store_id: string;
  metric: string;
  definition: string;
  currency: string | null;
  days: number;
  days_micros: bigint | null;
  adjustment_micros: bigint;
  value_micros: bigint | null;
};

/** The numbers of a month as they were locked. */
export async function lockedNumbers(db: Db, clientId: string, month: string, lock: number): Promise<PeriodNumber[]> {
  const { rows } = await sql<NumberRow>`
    select store_id, metric, definition, currency, days, days_micros, adjustment_micros, value_micros from period_number
    where client_id = ${clientId} and month = ${month} and lock = ${lock}
    order by store_id collate "C", metric collate "C"`.execute(db);
  return rows.map((row) => ({
    storeId: row.store_id,
    metric: row.metric,
    definition: row.definition,
    currency: row.currency,
    days: row.days,
    daysMicros: row.days_micros,
    adjustmentMicros: row.adjustment_micros,
    valueMicros: row.value_micros,
  }));
}

/** The groups that a locked month has a number of, by `groupOf`. */
export async function lockedGroups(db: Db, clientId: string, month: string, lock: number): Promise<Set<string>> {
  const { rows } = await sql<Group>`
    select store_id as "storeId", metric from period_number
    where client_id = ${clientId} and month = ${month} and lock = ${lock}`.execute(db);
  return new Set(rows.map(groupOf));
}
