import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Finding } from '../../../domain/publish/finding.ts';
import type { ExceptionState } from '../../../domain/review.ts';
import type { AttemptKey } from '../close/attempt.ts';
import type { Db } from '../connect.ts';

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
  withheld: readonly string[];
  opened_attempt: number;
  last_attempt: number;
  deadline: Date | null;
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
  key: AttemptKey;
  finding: Finding;
  inputHash: string;
  owner: string;
  deputy: string;
  maximumReruns: number;
  withheld: readonly string[];
};

/**
 * Opens an exception or renews it. One that had ended opens again; one whose input or difference changed gets a new
 * version, so that a decision on what was seen before does not fit it.
 */
export async function upsertException(db: Db, found: FoundException): Promise<ExceptionRow> {
  const { key, finding } = found;
  const id = exceptionId(key.clientId, key.businessDate, finding);
  const { rows } = await sql<ExceptionRow>`
    insert into exception as e (exception_id, client_id, business_date, kind, subject, store_id, metric, source_id, control_id, owner,
      deputy, state, input_hash, difference_micros, currency, message, withheld, opened_attempt, last_attempt, maximum_reruns)
    values (${id}, ${key.clientId}, ${key.businessDate}, ${finding.kind}, ${finding.subject}, ${finding.store ?? ''},
      ${finding.metric}, ${finding.source}, ${finding.controlId}, ${found.owner}, ${found.deputy}, 'healing', ${found.inputHash},
      ${finding.differenceMicros}, ${finding.currency}, ${finding.message}, ${JSON.stringify(found.withheld)},
      ${key.attempt}, ${key.attempt}, ${found.maximumReruns})
    on conflict (exception_id) do update set
      state = case when e.state in ('resolved', 'rejected') then 'healing' when e.state = 'deciding' then 'awaiting_decision' else e.state end,
      version = e.version + case when e.state in ('resolved', 'rejected', 'deciding') or e.input_hash <> excluded.input_hash
        or e.difference_micros is distinct from excluded.difference_micros then 1 else 0 end,
      input_hash = excluded.input_hash, difference_micros = excluded.difference_micros,
      message = excluded.message, withheld = excluded.withheld, last_attempt = excluded.last_attempt,
      owner = excluded.owner, deputy = excluded.deputy, maximum_reruns = excluded.maximum_reruns,
      reruns = case when e.state in ('resolved', 'rejected') then 0 else e.reruns end,
      deadline = case when e.state in ('resolved', 'rejected', 'deciding') then null else e.deadline end,
      resolved_at = null, resolution = null
    returning e.*`.execute(db);
  return rows[0]!;
}

/** Ends the day's exceptions that this attempt no longer finds. */
export async function resolveUnfound(
  db: Db,
  key: AttemptKey,
  found: readonly string[],
  resolution: string,
): Promise<string[]> {
  const { rows } = await sql<{ exception_id: string }>`
    update exception set state = 'resolved', version = version + 1, resolved_at = now(), last_attempt = ${key.attempt}, resolution = ${resolution}
    where client_id = ${key.clientId} and business_date = ${key.businessDate} and state not in ('resolved', 'rejected')
      and exception_id <> all(${[...found]})
    returning exception_id`.execute(db);
  return rows.map((row) => row.exception_id);
}

export async function loadException(db: Db, id: string): Promise<ExceptionRow | undefined> {
  const { rows } = await sql<ExceptionRow>`select * from exception where exception_id = ${id}`.execute(db);
  return rows[0];
}

export type ApprovalRow = {
  decision_id: string;
  input_hash: string;
  difference_micros: bigint | null;
  actor: string;
  reason: string;
};

/** The latest acceptance of an exception that is still good: given, and not spent on something else. */
export async function standingApproval(db: Db, id: string): Promise<ApprovalRow | undefined> {
  const { rows } = await sql<ApprovalRow>`
    select decision_id, input_hash, difference_micros, actor, reason from decision
    where exception_id = ${id} and verb = 'approve' and outcome in ('recorded', 'used')
    order by decided_at desc limit 1`.execute(db);
  return rows[0];
}

export async function markDecision(
  db: Db,
  decisionId: string,
  outcome: 'used' | 'spent',
  attempt: number,
): Promise<void> {
  await sql`
    update decision set outcome = ${outcome}, used_by_attempt = ${attempt} where decision_id = ${decisionId}`.execute(
    db,
  );
}
