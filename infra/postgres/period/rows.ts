import { sql } from 'kysely';
import type { Period } from '../../../domain/period/judge.ts';
import type { PeriodState } from '../../../domain/period/table.ts';
import type { Db } from '../connect.ts';

export type PeriodRow = {
  month: string;
  state: PeriodState;
  locks: number;
  closed_by: string | null;
  closed_at: Date | null;
  close_reason: string | null;
  seen_hash: string | null;
  reopening_by: string | null;
  reopening_at: Date | null;
  reopening_reason: string | null;
};

const COLUMNS = sql.raw(
  'month, state, locks, closed_by, closed_at, close_reason, seen_hash, reopening_by, reopening_at, reopening_reason',
);

const openMonth = (month: string): PeriodRow => ({
  month,
  state: 'open',
  locks: 0,
  closed_by: null,
  closed_at: null,
  close_reason: null,
  seen_hash: null,
  reopening_by: null,
  reopening_at: null,
  reopening_reason: null,
});

/** A month as it is now; one without a row is open. */
export async function findPeriod(db: Db, clientId: string, month: string): Promise<PeriodRow> {
  const { rows } = await sql<PeriodRow>`
    select ${COLUMNS} from period where client_id = ${clientId} and month = ${month}`.execute(db);
  return rows[0] ?? openMonth(month);
}

/**
 * A month, which stays as it is until the transaction ends: `alone` for who changes it, else together with others that
 * go by it. Business days are locked before, the audit head after it; of several months the earlier one first.
 */
export async function lockPeriod(db: Db, clientId: string, month: string, alone: boolean): Promise<PeriodRow> {
  await sql`insert into period (client_id, month) values (${clientId}, ${month}) on conflict do nothing`.execute(db);
  const { rows } = await sql<PeriodRow>`
    select ${COLUMNS} from period where client_id = ${clientId} and month = ${month}
    ${sql.raw(alone ? 'for update' : 'for share')}`.execute(db);
  return rows[0]!;
}

export const asPeriod = (row: PeriodRow): Period => ({
  state: row.state,
  closedBy: row.closed_by,
  seenHash: row.seen_hash,
  reopeningBy: row.reopening_by,
});

type By = { actor: string; reason: string | null };

/** Notes that a month's numbers were looked at, and which these were. */
export async function markClosed(
  db: Db,
  clientId: string,
  month: string,
  by: By & { seenHash: string },
): Promise<void> {
  await sql`
    update period set state = 'soft_closed', closed_by = ${by.actor}, closed_at = now(), close_reason = ${by.reason},
      seen_hash = ${by.seenHash}
    where client_id = ${clientId} and month = ${month}`.execute(db);
}

export async function markLocked(db: Db, clientId: string, month: string): Promise<void> {
  await sql`
    update period set state = 'locked', locks = locks + 1 where client_id = ${clientId} and month = ${month}`.execute(
    db,
  );
}

export async function markReopening(db: Db, clientId: string, month: string, by: By): Promise<void> {
  await sql`
    update period set state = 'reopening', reopening_by = ${by.actor}, reopening_at = now(), reopening_reason = ${by.reason}
    where client_id = ${clientId} and month = ${month}`.execute(db);
}

const NO_REOPENING = sql.raw('reopening_by = null, reopening_at = null, reopening_reason = null');

/** Takes the wish to open a locked month back. */
export async function withdrawReopening(db: Db, clientId: string, month: string): Promise<void> {
  await sql`
    update period set state = 'locked', ${NO_REOPENING} where client_id = ${clientId} and month = ${month}`.execute(db);
}

export async function markOpen(db: Db, clientId: string, month: string): Promise<void> {
  await sql`
    update period set state = 'open', closed_by = null, closed_at = null, close_reason = null, seen_hash = null, ${NO_REOPENING}
    where client_id = ${clientId} and month = ${month}`.execute(db);
}
