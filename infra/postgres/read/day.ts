import { sql } from 'kysely';
import type { DayStatus } from '../../../domain/close.ts';
import type { ExceptionState } from '../../../domain/exception/decision.ts';
import { NO_LONGER_COMPUTED } from '../../../domain/publish/certify.ts';
import type { Awaited } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

export type DayState = {
  business_date: string;
  status: DayStatus;
  attempt: number;
  /** The attempt whose results the day rests on; the running one before there is any. */
  results_of: number;
  model_version: number | null;
  lapsed_at: Date | null;
  lapse_reason: string | null;
  stage: string | null;
  /** What a running attempt waits for, by source. */
  waiting_for: Record<string, Awaited> | null;
  error: string | null;
  attempt_model: number | null;
  /** A decision was taken, and its attempt is still to begin or to end. */
  deciding: boolean;
};

/** Who asked for the end of the attempt, and why: the run itself only knows that it was cancelled. */
const CANCELLED_BY = sql`
  (select 'cancelled by ' || (e.record::jsonb ->> 'actor') || ': ' || (e.record::jsonb -> 'detail' ->> 'reason')
    from audit_event e
    where e.client_id = d.client_id and e.business_date = d.business_date
      and e.record::jsonb ->> 'action' = 'close.cancel_requested' and e.record::jsonb -> 'detail' ->> 'runId' = a.run_id
    order by e.sequence desc limit 1)`;

const DAY = sql`
  select d.business_date, d.status, d.attempt, coalesce(d.settled_attempt, d.attempt) as results_of, d.model_version, d.lapsed_at,
    (select c.lapse_reason from current_certificate cc join certificate c using (certificate_id)
      where cc.client_id = d.client_id and cc.business_date = d.business_date and c.lapsed_at is not null
        and c.lapse_reason is distinct from ${NO_LONGER_COMPUTED}
      order by c.lapsed_at desc limit 1) as lapse_reason,
    case when a.ended_at is null then a.stage end as stage,
    case when a.ended_at is null and a.stage = 'capture' then a.waiting_for end as waiting_for,
    case when d.status = 'cancelled' then coalesce(${CANCELLED_BY}, a.error) else a.error end as error, a.model_version as attempt_model,
    exists (select from exception e where e.client_id = d.client_id and e.business_date = d.business_date
      and e.state = 'deciding') as deciding
  from business_day d
  left join attempt a on a.client_id = d.client_id and a.business_date = d.business_date and a.attempt = d.attempt`;

export async function findDay(db: Db, clientId: string, date: string): Promise<DayState | undefined> {
  const { rows } = await sql<DayState>`${DAY} where d.client_id = ${clientId} and d.business_date = ${date}`.execute(
    db,
  );
  return rows[0];
}

/** The days of a range that were ever closed, in order. */
export async function findDays(db: Db, clientId: string, from: string, to: string): Promise<DayState[]> {
  const { rows } = await sql<DayState>`
    ${DAY} where d.client_id = ${clientId} and d.business_date between ${from} and ${to}
    order by d.business_date`.execute(db);
  return rows;
}

/** Days with an input that changed after they were published, in order. */
export async function lapsedDays(db: Db, clientId: string): Promise<string[]> {
  const { rows } = await sql<{ business_date: string }>`
    select business_date from business_day where client_id = ${clientId} and lapsed_at is not null
    order by business_date`.execute(db);
  return rows.map((row) => row.business_date);
}

export type ExceptionSummaryRow = {
  exception_id: string;
  kind: string;
  metric: string | null;
  owner: string;
  state: ExceptionState;
  deadline: Date | null;
};

export async function exceptionsOfDay(db: Db, clientId: string, date: string): Promise<ExceptionSummaryRow[]> {
  const { rows } = await sql<ExceptionSummaryRow>`
    select exception_id, kind, metric, coalesce(reassigned_to, owner) as owner, state, deadline from exception
    where client_id = ${clientId} and business_date = ${date} order by opened_at, exception_id`.execute(db);
  return rows;
}

export type ItemOfDay = {
  control_id: string;
  store_id: string;
  slice: string;
  kind: string;
  detail: string | null;
  amount_micros: bigint;
  records: number;
};

export async function itemsOfAttempt(db: Db, clientId: string, date: string, attempt: number): Promise<ItemOfDay[]> {
  const { rows } = await sql<ItemOfDay>`
    select control_id, store_id, slice, kind, detail, amount_micros, records from reconciling_item
    where client_id = ${clientId} and business_date = ${date} and attempt = ${attempt} order by item_id`.execute(db);
  return rows;
}

/** Whether the attempt of a run has ended; undefined where the run has opened none yet. */
export async function runEnded(db: Db, runId: string): Promise<boolean | undefined> {
  const { rows } = await sql<{ ended: boolean }>`
    select ended_at is not null as ended from attempt where run_id = ${runId}`.execute(db);
  return rows[0]?.ended;
}
