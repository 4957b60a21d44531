import { sql } from 'kysely';
import type { DecideInput, ExceptionState, Verb } from '../../../domain/review.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

/** How a decision came: through the API, or as a signal from Temporal's own tools. */
export type Via = 'api' | 'signal';
export type DecisionRow = {
  decision_id: string;
  exception_id: string;
  verb: Verb;
  reason: string;
  actor: string;
  outcome: 'recorded' | 'used' | 'spent';
  after_attempt: number;
};

const columns = sql`decision_id, exception_id, verb, reason, actor, outcome, after_attempt`;

export async function decisionById(db: Db, decisionId: string): Promise<DecisionRow | undefined> {
  const { rows } = await sql<DecisionRow>`select ${columns} from decision where decision_id = ${decisionId}`.execute(
    db,
  );
  return rows[0];
}

/** The decision that an attempt is to carry out. */
export async function pendingDecision(db: Db, exceptionId: string): Promise<DecisionRow | undefined> {
  const { rows } = await sql<DecisionRow>`
    select ${columns} from decision
    where exception_id = ${exceptionId} and outcome = 'recorded' order by decided_at desc limit 1`.execute(db);
  return rows[0];
}

/** Records what was decided, bound to the inputs and the difference that the exception shows now. */
export async function insertDecision(db: Db, row: ExceptionRow, input: DecideInput, via: Via): Promise<void> {
  await sql`
    insert into decision (decision_id, exception_id, client_id, verb, args, reason, actor, on_behalf_of, via, expected_version,
      input_hash, difference_micros, outcome, after_attempt)
    select ${input.decisionId}, ${row.exception_id}, ${row.client_id}, ${input.verb}, ${JSON.stringify(input.args)}, ${input.reason},
      ${input.actor}, ${input.onBehalfOf}, ${via}, ${input.expectedVersion}, ${row.input_hash}, ${row.difference_micros},
      ${input.verb === 'reject' ? 'used' : 'recorded'}, attempt
    from business_day where client_id = ${row.client_id} and business_date = ${row.business_date}`.execute(db);
}

export async function setState(db: Db, exceptionId: string, state: ExceptionState): Promise<void> {
  await sql`
    update exception set state = ${state}, version = version + 1,
      resolved_at = case when ${state} = 'rejected' then now() end,
      resolution = case when ${state} = 'rejected' then 'rejected' end
    where exception_id = ${exceptionId}`.execute(db);
}

/** Takes an exception's row for the rest of the transaction. */
export async function lockException(db: Db, exceptionId: string): Promise<ExceptionRow> {
  const { rows } =
    await sql<ExceptionRow>`select * from exception where exception_id = ${exceptionId} for update`.execute(db);
  if (!rows[0]) throw new Error(`exception ${exceptionId} is not stored`);
  return rows[0];
}

/** A rejected day stays so until someone runs it anew. A running attempt says itself what the day is. */
export async function setDayStatus(db: Db, row: ExceptionRow, status: 'rejected' | 'waiting'): Promise<void> {
  await sql`
    update business_day set status = ${status}
    where client_id = ${row.client_id} and business_date = ${row.business_date}
      and not exists (select from attempt a where a.client_id = business_day.client_id
        and a.business_date = business_day.business_date and a.ended_at is null)`.execute(db);
}
