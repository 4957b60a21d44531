import { exceptionWorkflowId } from '../../domain/ids.ts';
import { type DecideAnswer, type DecideInput, refusal, stateAfter } from '../../domain/review.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type ExceptionRow, loadException } from '../../infra/postgres/publish/exceptions.ts';
import {
  decisionById,
  insertDecision,
  lockException,
  setDayStatus,
  setState,
  type Via,
} from '../../infra/postgres/review/decisions.ts';
import type { Deps } from '../deps.ts';

/** Where a signal stands in its run's history: the first one is 1. */
export type SignalPlace = { runId: string; ordinal: number };
/** A decision as the review took it in. `expectedVersion` is null where its sender named none and nothing was seen yet. */
export type QueuedDecision = Omit<DecideInput, 'expectedVersion'> & {
  expectedVersion: number | null;
  via: Via;
  signal?: SignalPlace;
};
type DecisionDeps = Pick<Deps, 'db' | 'secrets' | 'engine' | 'signals'>;
export type DecisionToRecord = QueuedDecision & { exceptionId: string };

const SIGNALS_ARE_OFF = 'Decisions by signal are switched off here. Decide with "meshline exceptions" or the console.';
const WORDS = {
  approve: 'the difference is accepted',
  reject: 'the day is rejected',
  rerun: 'the day is run anew',
} as const;

/** Who sent a signal is what its sender's tool told the server; the argument may name somebody only where it told nothing. */
async function actorOf({ engine }: DecisionDeps, { exceptionId, signal, actor }: DecisionToRecord): Promise<string> {
  if (!signal) return actor;
  const identity = await engine.signalIdentity(exceptionWorkflowId(exceptionId), signal);
  return `temporal:${identity || actor || 'unnamed'}`;
}

function why(
  deps: DecisionDeps,
  input: DecisionToRecord,
  present: Pick<ExceptionRow, 'state' | 'version'>,
): string | null {
  if (input.via === 'signal' && deps.signals === 'off') return SIGNALS_ARE_OFF;
  return refusal(present, input.expectedVersion ?? present.version);
}

async function refuse(tx: Tx, deps: DecisionDeps, row: ExceptionRow, input: DecisionToRecord, message: string) {
  // Whoever sends an update is told; of a refused signal only the trail can tell.
  if (input.via === 'signal')
    await appendAudit(tx, deps.secrets.auditKey, {
      clientId: row.client_id,
      businessDate: row.business_date,
      actor: input.actor,
      action: 'exception.signal_refused',
      subject: row.exception_id,
      detail: { decisionId: input.decisionId, verb: input.verb, reason: input.reason, message },
    });
  return { accepted: false, state: row.state, version: row.version, message };
}

async function record(tx: Tx, deps: DecisionDeps, row: ExceptionRow, input: DecisionToRecord): Promise<DecideAnswer> {
  const state = stateAfter(input.verb);
  await insertDecision(tx, row, { ...input, expectedVersion: input.expectedVersion ?? row.version }, input.via);
  await setState(tx, row.exception_id, state);
  if (state === 'rejected') await setDayStatus(tx, row, 'rejected');
  await appendAudit(tx, deps.secrets.auditKey, {
    clientId: row.client_id,
    businessDate: row.business_date,
    actor: input.actor,
    ...(input.onBehalfOf && { onBehalfOf: input.onBehalfOf }),
    action: `exception.${input.verb}`,
    subject: row.exception_id,
    detail: {
      decisionId: input.decisionId,
      reason: input.reason,
      via: input.via,
      version: row.version,
      message: row.message,
    },
  });
  return { accepted: true, state, version: row.version + 1, message: `Recorded: ${WORDS[input.verb]}.` };
}

/**
 * Records a decision and its audit row in one transaction, once for each decision id. It binds to the inputs and the
 * difference that the exception shows; a decision on an older state is refused with the present one, and a signal also
 * where signals are switched off.
 */
export function createRecordDecision(deps: DecisionDeps) {
  return async function recordDecision(queued: DecisionToRecord): Promise<DecideAnswer> {
    const found = (await loadException(deps.db, queued.exceptionId))!;
    const input = { ...queued, actor: await actorOf(deps, queued) };
    return deps.db.transaction().execute(async (tx) => {
      await lockDay(tx, found.client_id, found.business_date);
      const row = await lockException(tx, input.exceptionId);
      const before = await decisionById(tx, input.decisionId);
      if (before) {
        const accepted = before.exception_id === input.exceptionId;
        return { accepted, state: row.state, version: row.version, message: 'This decision was taken before.' };
      }
      const refused = why(deps, input, row);
      return refused ? refuse(tx, deps, row, input, refused) : record(tx, deps, row, input);
    });
  };
}
