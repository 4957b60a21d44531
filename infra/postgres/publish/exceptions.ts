import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { ExceptionState } from '../../../domain/exception/table.ts';
import type { Finding } from '../../../domain/publish/finding.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';
import { becomes, ENDED, takes } from '../review/transition.ts';

export type ExceptionRow = {
  exception_id: string;
  client_id: string;
  business_date: string;
  kind: string;
  subject: string;
  metric: string | null;
  source_id: string | null;
  control_id: string | null;
  store_id: string;
  slice: string;
  owner: string;
  deputy: string;
  state: ExceptionState;
  version: number;
  input_hash: string;
  difference_micros: bigint | null;
  currency: string | null;
  message: string;
  /** Automatic re-runs made, and how many the policy grants before a person is asked. */
  reruns: number;
  maximum_reruns: number;
  /** When the system began to try by itself, this time. */
  healing_since: Date;
  withheld: readonly string[];
  opened_attempt: number;
  last_attempt: number;
  deadline: Date | null;
  /** Who is asked now; null before anybody was. */
  responsible: string | null;
  /** To whom a person has given it; its owner for as long as it is open. */
  reassigned_to: string | null;
  asked_at: Date | null;
  /** When the responsible person goes on leave and the next one has it. */
  hand_over_at: Date | null;
  remind_at: Date | null;
  deputy_at: Date | null;
  claimed_by: string | null;
  claimed_until: Date | null;
};

/** Automatic re-runs remain: nobody is asked yet. */
export const isHealing = (one: Pick<ExceptionRow, 'state' | 'reruns' | 'maximum_reruns'>): boolean =>
  one.state === 'healing' && one.reruns < one.maximum_reruns;

/** The same cause on the same day is the same exception, however often it is found. */
export function exceptionId(clientId: string, date: string, finding: Pick<Finding, 'kind' | 'subject'>): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, date, finding.kind, finding.subject]))
    .digest('hex')
    .slice(0, 20);
}

export type FoundException = {
  finding: Finding;
  owner: string;
  deputy: string;
  maximumReruns: number;
  withheld: readonly string[];
};

const rowOf = (key: AttemptKey, { finding, ...found }: FoundException) => ({
  exception_id: exceptionId(key.clientId, key.businessDate, finding),
  kind: finding.kind,
  subject: finding.subject,
  store_id: finding.store ?? '',
  slice: finding.slice,
  metric: finding.metric,
  source_id: finding.source,
  control_id: finding.controlId,
  owner: found.owner,
  deputy: found.deputy,
  difference_micros: finding.differenceMicros === null ? null : String(finding.differenceMicros),
  currency: finding.currency,
  message: finding.message,
  withheld: found.withheld,
  maximum_reruns: found.maximumReruns,
});

const STATE = sql`e.state`;
const CHANGED = sql`(e.input_hash <> excluded.input_hash or e.difference_micros is distinct from excluded.difference_micros)`;
/** It is asked about anew: a decision was about what is no more, or it had ended. */
const ANEW = sql`(e.state in ${ENDED} or e.state = 'deciding' or (e.state = 'awaiting_second' and ${CHANGED}))`;

/**
 * Opens exceptions or renews them. One that had ended opens again; one whose input or difference changed gets a new
 * version, so that a decision on what was seen before does not fit it.
 */
export async function upsertExceptions(
  db: Db,
  key: AttemptKey,
  inputHash: string,
  found: readonly FoundException[],
): Promise<ExceptionRow[]> {
  if (found.length === 0) return [];
  const { rows } = await sql<ExceptionRow>`
    insert into exception as e (client_id, business_date, state, input_hash, opened_attempt, last_attempt, exception_id, kind, subject,
      store_id, slice, metric, source_id, control_id, owner, deputy, difference_micros, currency, message, withheld, maximum_reruns)
    select ${key.clientId}, ${key.businessDate}, 'healing', ${inputHash}, ${key.attempt}, ${key.attempt}, r.*
    from jsonb_to_recordset(${JSON.stringify(found.map((one) => rowOf(key, one)))}::jsonb) as r(exception_id text, kind text,
      subject text, store_id text, slice text, metric text, source_id text, control_id text, owner text, deputy text,
      difference_micros bigint, currency text, message text, withheld jsonb, maximum_reruns integer)
    on conflict (exception_id) do update set
      state = case when ${CHANGED} then ${becomes('find_other', STATE)} else ${becomes('find_again', STATE)} end,
      version = e.version + case when ${ANEW} or ${CHANGED} then 1 else 0 end,
      store_id = excluded.store_id, metric = excluded.metric,
      input_hash = excluded.input_hash, difference_micros = excluded.difference_micros, currency = excluded.currency,
      message = excluded.message, withheld = excluded.withheld, last_attempt = excluded.last_attempt,
      owner = excluded.owner, deputy = excluded.deputy, maximum_reruns = excluded.maximum_reruns,
      reruns = case when e.state in ${ENDED} then 0 else e.reruns end,
      healing_since = case when e.state in ${ENDED} then now() else e.healing_since end,
      deadline = case when ${ANEW} then null else e.deadline end,
      claimed_by = case when ${ANEW} then null else e.claimed_by end,
      claimed_until = case when ${ANEW} then null else e.claimed_until end,
      reassigned_to = case when e.state in ${ENDED} then null else e.reassigned_to end,
      resolved_at = null, resolution = null
    returning e.*`.execute(db);
  return rows;
}

/**
 * Ends the day's exceptions that this attempt does not leave open: accepted as they are, kept out, or no longer found. One of a
 * hand-off stands until it is delivered, which comes after publishing.
 */
export async function resolveOthers(
  db: Db,
  key: AttemptKey,
  open: readonly string[],
  accepted: readonly string[],
  kept: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ exception_id: string }>`
    update exception set state = ${becomes('find_no_more', sql`state`)}, version = version + 1, resolved_at = now(), last_attempt = ${key.attempt},
      resolution = case when exception_id = any(${[...kept]}) then 'kept' when exception_id = any(${[...accepted]}) then 'accepted'
        else 'no longer found' end
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and state in ${takes('find_no_more')}
      and kind <> 'handoff' and exception_id <> all(${[...open]})
    returning exception_id`.execute(db);
  return rows.map((row) => row.exception_id);
}

export async function loadException(db: Db, id: string): Promise<ExceptionRow | undefined> {
  const { rows } = await sql<ExceptionRow>`select * from exception where exception_id = ${id}`.execute(db);
  return rows[0];
}

/** What a person said of a finding: `reject` keeps what is published against a change, or lets a hand-off rest. */
export type ApprovalRow = {
  decision_id: string;
  exception_id: string;
  verb: 'approve' | 'reject';
  input_hash: string;
  difference_micros: bigint | null;
  actor: string;
  reason: string;
};

/**
 * The latest word on each exception that is still good: given, and not spent on something else. A rejection is one only
 * of a revision and of a hand-off; of anything else it ended the day.
 */
export async function standingApprovals(db: Db, exceptionIds: readonly string[]): Promise<ApprovalRow[]> {
  const { rows } = await sql<ApprovalRow>`
    select distinct on (d.exception_id) d.decision_id, d.exception_id, d.verb, d.input_hash, d.difference_micros, d.actor, d.reason
    from decision d join exception e using (exception_id)
    where d.exception_id = any(${[...exceptionIds]}) and d.outcome in ('recorded', 'used')
      and (d.verb = 'approve' or (d.verb = 'reject' and e.kind in ('revision', 'handoff')))
    order by d.exception_id, d.decided_at desc`.execute(db);
  return rows;
}

export async function markDecisions(
  db: Db,
  decisionIds: readonly string[],
  outcome: 'used' | 'spent',
  attempt: number,
): Promise<void> {
  if (decisionIds.length === 0) return;
  await sql`
    update decision set outcome = ${outcome}, used_by_attempt = ${attempt} where decision_id = any(${[...decisionIds]})`.execute(
    db,
  );
}
