import { sql } from 'kysely';
import type { BeginsAt, CloseCause, DayStatus } from '../../../domain/close.ts';
import type { Db } from '../connect.ts';

export type AttemptKey = { clientId: string; businessDate: string; attempt: number };
export type DayRow = {
  status: DayStatus;
  attempt: number;
  /** The attempt whose results the day rests on; null before the first. */
  settled_attempt: number | null;
  /** What the day was called by what that attempt published. */
  settled_status: DayStatus | null;
  model_version: number | null;
  lapsed: boolean;
};

export async function loadDay(db: Db, clientId: string, date: string): Promise<DayRow | undefined> {
  const { rows } = await sql<DayRow>`
    select status, attempt, settled_attempt, settled_status, model_version, lapsed_at is not null as lapsed from business_day
    where client_id = ${clientId} and business_date = ${date}`.execute(db);
  return rows[0];
}

/**
 * Locks the day's row, making it where there is none. The row is the close's lock: publish and normalize take it too.
 */
export async function lockDay(db: Db, clientId: string, date: string): Promise<DayRow> {
  await sql`
    insert into business_day (client_id, business_date) values (${clientId}, ${date}) on conflict do nothing`.execute(
    db,
  );
  const { rows } = await sql<DayRow>`
    select status, attempt, settled_attempt, settled_status, model_version, lapsed_at is not null as lapsed from business_day
    where client_id = ${clientId} and business_date = ${date} for update`.execute(db);
  return rows[0]!;
}

/** An attempt as it was opened: what the day was before it, and whether only a changed input can change it. */
export type OpenAttempt = { attempt: number; before: DayStatus | null; settled: boolean };

export async function attemptOfRun(db: Db, runId: string): Promise<OpenAttempt | undefined> {
  const { rows } = await sql<OpenAttempt>`
    select attempt, before_status as before, was_settled as settled from attempt where run_id = ${runId}`.execute(db);
  return rows[0];
}

/** Ends attempts whose run is gone: the day's workflow id allows one run, so any other open attempt is left over. */
export async function endAbandoned(db: Db, clientId: string, date: string): Promise<void> {
  await sql`
    update attempt set status = 'failed', ended_at = now(), error = 'the run ended without finishing'
    where client_id = ${clientId} and business_date = ${date} and ended_at is null`.execute(db);
}

export type NewAttempt = AttemptKey &
  Omit<OpenAttempt, 'attempt'> & {
    runId: string;
    workflowId: string;
    modelVersion: number;
    beginsAt: BeginsAt;
    cause: CloseCause;
    actor: string;
  };

export async function insertAttempt(db: Db, one: NewAttempt): Promise<void> {
  await sql`
    insert into attempt (client_id, business_date, attempt, run_id, workflow_id, model_version, begins_at, cause, actor,
      before_status, was_settled, stage)
    values (${one.clientId}, ${one.businessDate}, ${one.attempt}, ${one.runId}, ${one.workflowId}, ${one.modelVersion},
      ${one.beginsAt}, ${one.cause}, ${one.actor}, ${one.before}, ${one.settled}, 'open')`.execute(db);
  await sql`
    update business_day set attempt = ${one.attempt}, status = 'running'
    where client_id = ${one.clientId} and business_date = ${one.businessDate}`.execute(db);
}

/** Why an attempt was started. */
export async function causeOf(db: Db, { clientId, businessDate, attempt }: AttemptKey): Promise<CloseCause> {
  const { rows } = await sql<{ cause: CloseCause }>`
    select cause from attempt where client_id = ${clientId} and business_date = ${businessDate} and attempt = ${attempt}`.execute(
    db,
  );
  if (!rows[0]) throw new Error(`attempt ${attempt} of ${clientId} ${businessDate} is not stored`);
  return rows[0].cause;
}

export async function markStage(db: Db, key: AttemptKey, stage: string): Promise<void> {
  await sql`
    update attempt set stage = ${stage}
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(db);
}

/** A source that is looked for is waited for no longer, until it is found to be absent again. */
export async function markCapture(db: Db, key: AttemptKey, sourceId: string): Promise<void> {
  await sql`
    update attempt set stage = 'capture', waiting_for = waiting_for - ${sourceId}::text
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(db);
}

/** The file that a source waits for; `until` is an instant in UTC, ISO 8601. */
export type Awaited = { file: string; until: string };

export async function markWaiting(db: Db, key: AttemptKey, sourceId: string, awaited: Awaited): Promise<void> {
  await sql`
    update attempt set waiting_for = waiting_for || ${JSON.stringify({ [sourceId]: awaited })}::jsonb
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}`.execute(db);
}

export type AttemptEnd = AttemptKey & { attemptStatus: string; dayStatus: DayStatus; error?: string };

/** Whether an attempt has not ended yet. Holds under the day's lock. */
export async function isOpen(db: Db, key: AttemptKey): Promise<boolean> {
  const { rows } = await sql`
    select from attempt
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and attempt = ${key.attempt}
      and ended_at is null`.execute(db);
  return rows.length > 0;
}

/** Ends an attempt and says what the day is now. */
export async function endAttempt(db: Db, end: AttemptEnd): Promise<void> {
  await sql`
    update attempt set status = ${end.attemptStatus}, ended_at = now(), error = ${end.error ?? null}
    where client_id = ${end.clientId} and business_date = ${end.businessDate} and attempt = ${end.attempt}`.execute(db);
  await sql`
    update business_day set status = ${end.dayStatus}
    where client_id = ${end.clientId} and business_date = ${end.businessDate} and attempt = ${end.attempt}`.execute(db);
}

/** The day's last attempt. */
export async function latestAttempt(
  db: Db,
  clientId: string,
  date: string,
): Promise<{ attempt: number; beginsAt: BeginsAt; open: boolean } | undefined> {
  const { rows } = await sql<{ attempt: number; begins_at: BeginsAt; open: boolean }>`
    select attempt, begins_at, ended_at is null as open from attempt
    where client_id = ${clientId} and business_date = ${date} order by attempt desc limit 1`.execute(db);
  return rows[0] && { attempt: rows[0].attempt, beginsAt: rows[0].begins_at, open: rows[0].open };
}
