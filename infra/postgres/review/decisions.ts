import { sql } from 'kysely';
import type { DecideInput, DecisionArgs, LastDecision } from '../../../domain/exception/decision.ts';
import { type ExceptionState, VERBS, type Verb, verbRow } from '../../../domain/exception/table.ts';
import type { Db } from '../connect.ts';
import type { ExceptionRow } from '../publish/exceptions.ts';

/** How a decision came: through the API, or as a signal from Temporal's own tools. */
export type Via = 'api' | 'signal';
/**
 * `recorded` waits for its attempt, which makes it `used` or `spent`; `proposed` waits for a second person; `noted` is
 * carried out by being written down.
 */
export type DecisionOutcome = 'recorded' | 'used' | 'spent' | 'proposed' | 'noted';
export type DecisionRow = {
  decision_id: string;
  exception_id: string;
  verb: Verb;
  args: DecisionArgs;
  reason: string;
  actor: string;
  outcome: DecisionOutcome;
  after_attempt: number;
};

const columns = sql`decision_id, exception_id, verb, args, reason, actor, outcome, after_attempt`;
const BINDING = VERBS.filter((verb) => verbRow(verb).binds);

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

/** The newest decision that made the exception another version; whoever comes after it is told of it. */
export async function lastDecision(db: Db, exceptionId: string): Promise<LastDecision | null> {
  const { rows } = await sql<LastDecision>`
    select verb, actor, reason from decision
    where exception_id = ${exceptionId} and verb = any(${BINDING}) order by decided_at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** What one person has proposed and another must agree to, as long as it is about what the exception shows. */
export async function standingProposal(db: Db, row: ExceptionRow): Promise<DecisionRow | undefined> {
  const { rows } = await sql<DecisionRow>`
    select ${columns} from decision
    where exception_id = ${row.exception_id} and outcome = 'proposed' and input_hash = ${row.input_hash}
      and difference_micros is not distinct from ${row.difference_micros}
    order by decided_at desc limit 1`.execute(db);
  return rows[0];
}

/** Ends every proposal of an exception: another decision has taken its place, or it was agreed to. */
export async function endProposals(db: Db, exceptionId: string, outcome: 'used' | 'spent'): Promise<void> {
  await sql`
    update decision set outcome = ${outcome} where exception_id = ${exceptionId} and outcome = 'proposed'`.execute(db);
}

/** Records what was decided, bound to the inputs and the difference that the exception shows now. */
export async function insertDecision(
  db: Db,
  row: ExceptionRow,
  input: DecideInput,
  via: Via,
  outcome: DecisionOutcome,
): Promise<void> {
  await sql`
    insert into decision (decision_id, exception_id, client_id, verb, args, reason, actor, on_behalf_of, via, expected_version,
      input_hash, difference_micros, outcome, after_attempt)
    select ${input.decisionId}, ${row.exception_id}, ${row.client_id}, ${input.verb}, ${JSON.stringify(input.args)}, ${input.reason},
      ${input.actor}, ${input.onBehalfOf}, ${via}, ${input.expectedVersion}, ${row.input_hash}, ${row.difference_micros},
      ${outcome}, attempt
    from business_day where client_id = ${row.client_id} and business_date = ${row.business_date}`.execute(db);
}

/** Makes the exception what a decision makes of it, in a new version. What was claimed is decided now. */
export async function setState(db: Db, exceptionId: string, state: ExceptionState): Promise<void> {
  await sql`
    update exception set state = ${state}, version = version + 1, claimed_by = null, claimed_until = null,
      resolved_at = case when ${state} = 'rejected' then now() end,
      resolution = case when ${state} = 'rejected' then 'rejected' end
    where exception_id = ${exceptionId}`.execute(db);
}

/** Gives the exception to another person, in a new version. */
export async function giveTo(db: Db, exceptionId: string, person: string): Promise<void> {
  await sql`
    update exception set reassigned_to = ${person}, version = version + 1, claimed_by = null, claimed_until = null
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
