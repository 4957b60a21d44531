import { type DecideAnswer, type DecideInput, didWords, refusal } from '../../domain/exception/decision.ts';
import { exceptionWorkflowId } from '../../domain/ids.ts';
import type { Fix } from '../../domain/remediation/fix.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { latestAttempt, lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { decisionById, lastDecision, lockException, type Via } from '../../infra/postgres/review/decisions.ts';
import type { Deps } from '../deps.ts';
import { type Governed, governed } from './chain.ts';
import { claimRefusal, leaverRefusal, reassignRefusal } from './claim.ts';
import { judge } from './judge-release.ts';
import { modelOf } from './load-review.ts';
import { type PreparedFix, prepareFix } from './prepare-fix.ts';
import { take } from './take-decision.ts';

/** Where a signal stands in its run's history: the first one is 1. */
export type SignalPlace = { runId: string; ordinal: number };
/** A decision as the review took it in. `expectedVersion` is null where its sender named none and nothing was seen yet. */
export type QueuedDecision = Omit<DecideInput, 'expectedVersion'> & {
  expectedVersion: number | null;
  via: Via;
  signal?: SignalPlace;
};
type DecisionDeps = Pick<Deps, 'db' | 'databaseUrl' | 'rowWork' | 'files' | 'secrets' | 'engine' | 'signals'>;
export type DecisionToRecord = QueuedDecision & { exceptionId: string };
/** A decision with its version, that of the exception where its sender named none. */
export type Decision = DecideInput & { via: Via; fix?: Fix };

const SIGNALS_ARE_OFF = 'Decisions by signal are switched off here. Decide with "meshline exceptions" or the console.';

/** Who sent a signal is what its sender's tool told the server; the argument may name somebody only where it told nothing. */
async function actorOf({ engine }: DecisionDeps, { exceptionId, signal, actor }: DecisionToRecord): Promise<string> {
  if (!signal) return actor;
  const identity = await engine.signalIdentity(exceptionWorkflowId(exceptionId), signal);
  return `temporal:${identity || actor || 'unnamed'}`;
}

/** What a running attempt may be about to publish cannot be rejected or read otherwise under its hands. */
async function attemptRefusal(tx: Tx, { row }: Governed, { verb }: Decision): Promise<string | null> {
  if (verb !== 'reject' && verb !== 'apply_fix') return null;
  const latest = await latestAttempt(tx, row.client_id, row.business_date);
  return latest?.open
    ? 'An attempt of the day runs. Wait for it to end, look at the exception again and decide then.'
    : null;
}

/** What the state of the exception says against a decision: it has moved on, or this verb does not fit it now. */
async function stateRefusal(tx: Tx, { row }: Governed, input: Decision): Promise<string | null> {
  return refusal({ ...row, last: await lastDecision(tx, row.exception_id) }, input);
}

async function argumentRefusal(
  tx: Tx,
  one: Governed,
  { verb, args, actor }: Decision,
  now: Date,
): Promise<string | null> {
  if (verb === 'claim') return claimRefusal(tx, one, actor, now);
  return verb === 'reassign' ? reassignRefusal(one, args.to ?? '', now) : null;
}

const fixRefusal = (prepared: PreparedFix | null): string | null =>
  prepared && 'refusal' in prepared ? prepared.refusal : null;

/** `needsAnother`: the state allows it, but not to this person. */
type Refused = { message: string; needsAnother?: true };

/** Whoever sends an update is told; of a refused signal only the trail can tell. */
async function refuse(
  tx: Tx,
  deps: DecisionDeps,
  { row }: Governed,
  input: Decision,
  refused: Refused,
): Promise<DecideAnswer> {
  const { message, needsAnother } = refused;
  if (input.via === 'signal' || needsAnother)
    await appendAudit(tx, deps.secrets.auditKey, {
      clientId: row.client_id,
      businessDate: row.business_date,
      actor: input.actor,
      ...(input.onBehalfOf && { onBehalfOf: input.onBehalfOf }),
      action: input.via === 'signal' ? 'exception.signal_refused' : 'exception.decision_refused',
      subject: row.exception_id,
      detail: { decisionId: input.decisionId, verb: input.verb, reason: input.reason, message },
    });
  const { state, version } = row;
  return { accepted: false, state, version, message, ...(needsAnother && { needsAnother }) };
}

/** Accepting may be suggested like any other fix, and is then nothing but that. */
function withFix(input: Decision, prepared: PreparedFix | null): Decision {
  if (!prepared || !('fix' in prepared)) return input;
  return prepared.fix.change.by === 'accepting'
    ? { ...input, verb: 'approve', args: {} }
    : { ...input, fix: prepared.fix };
}

async function decideIn(
  tx: Tx,
  deps: DecisionDeps,
  one: Governed,
  given: Decision,
  prepared: PreparedFix | null,
): Promise<DecideAnswer> {
  const now = new Date();
  const input = withFix(given, prepared);
  const off = input.via === 'signal' && deps.signals === 'off' ? SIGNALS_ARE_OFF : null;
  const stale =
    off ?? (await stateRefusal(tx, one, input)) ?? (await attemptRefusal(tx, one, input)) ?? fixRefusal(prepared);
  if (stale !== null) return refuse(tx, deps, one, input, { message: stale });
  const left = leaverRefusal(one, input, now);
  if (left !== null) return refuse(tx, deps, one, input, { message: left, needsAnother: true });
  const unfit = await argumentRefusal(tx, one, input, now);
  if (unfit !== null) return refuse(tx, deps, one, input, { message: unfit });
  const judgement = await judge(tx, one, input);
  if (judgement.as === 'refuse') return refuse(tx, deps, one, input, { message: judgement.why, needsAnother: true });
  return take(tx, deps.secrets.auditKey, one, input, { isProposal: judgement.as === 'propose', now });
}

async function takenBefore(tx: Tx, { row }: Governed, decisionId: string): Promise<DecideAnswer | null> {
  const before = await decisionById(tx, decisionId);
  if (!before) return null;
  const { state, version, exception_id } = row;
  return {
    accepted: before.exception_id === exception_id,
    state,
    version,
    message: `This decision was taken before: ${didWords(before)}`,
  };
}

/**
 * Records a decision and its audit row in one transaction, once for each decision id. It binds to the inputs and the
 * difference that the exception shows; a decision on an older state is refused with the present one, and a signal also
 * where signals are switched off.
 */
export function createRecordDecision(deps: DecisionDeps) {
  return async function recordDecision(queued: DecisionToRecord): Promise<DecideAnswer> {
    const { exceptionId, signal: _, ...decision } = { ...queued, actor: await actorOf(deps, queued) };
    const found = (await loadException(deps.db, exceptionId))!;
    const model = await modelOf(deps.db, found);
    const { verb, args } = decision;
    const prepared = verb === 'apply_fix' && args.fix ? await prepareFix(deps, exceptionId, args.fix) : null;
    return deps.db.transaction().execute(async (tx) => {
      await lockDay(tx, found.client_id, found.business_date);
      const one = governed(model, await lockException(tx, exceptionId));
      const input = { ...decision, expectedVersion: decision.expectedVersion ?? one.row.version };
      return (await takenBefore(tx, one, input.decisionId)) ?? decideIn(tx, deps, one, input, prepared);
    });
  };
}
