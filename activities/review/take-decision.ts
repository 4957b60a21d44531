import type { DecideAnswer } from '../../domain/exception/decision.ts';
import {
  type ExceptionEvent,
  type ExceptionState,
  hasEnded,
  keepsNumber,
  rejectedOf,
  stateAfter,
  type Verb,
} from '../../domain/exception/table.ts';
import type { Fix } from '../../domain/remediation/fix.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { emitExceptions } from '../../infra/postgres/events/exceptions.ts';
import { destinationsOf } from '../../infra/postgres/handoff/exceptions.ts';
import { answerPeople, followChain } from '../../infra/postgres/handoff/people.ts';
import { moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import { effectiveVersion } from '../../infra/postgres/model.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import { layDownFix } from '../../infra/postgres/remediation/lay-down.ts';
import {
  type DecisionOutcome,
  endProposals,
  giveTo,
  insertDecision,
  lockException,
  setDayStatus,
  setState,
} from '../../infra/postgres/review/decisions.ts';
import { ask, type Governed } from './chain.ts';
import { claim } from './claim.ts';
import type { Decision } from './record-decision.ts';

/** `isProposal`: it takes effect when another person says the same. */
type How = { isProposal: boolean; now: Date };

const WORDS: Readonly<Record<Exclude<Verb, 'reject'>, string>> = {
  approve: 'the difference is accepted',
  apply_fix: 'the fix is applied',
  rerun: 'the day is run anew',
  claim: 'you are on it',
  reassign: 'somebody else has it now',
  comment: 'the comment is kept',
};
const PROPOSED = 'Proposed: it takes effect when another person decides the same.';

const REJECTED: Readonly<Record<ReturnType<typeof rejectedOf>, string>> = {
  day: 'the day is rejected',
  change: 'the number is kept as it was published',
  delivery: 'it rests, undelivered',
};

const wordsOf = (verb: Verb, { kind }: ExceptionRow): string =>
  verb === 'reject' ? REJECTED[rejectedOf(kind)] : WORDS[verb];

function eventOf(verb: Verb, { kind }: ExceptionRow, isProposal: boolean): ExceptionEvent {
  if (isProposal) return 'propose';
  return keepsNumber(verb, kind) ? 'keep' : verb;
}

/** What leads to an attempt waits for it. */
function outcomeOf(verb: Verb, state: ExceptionState, isProposal: boolean): DecisionOutcome {
  if (isProposal) return 'proposed';
  if (state === 'deciding') return 'recorded';
  return verb === 'reject' ? 'used' : 'noted';
}

/** A second person asks for the same as the first, or something else takes the place of what was proposed. */
async function settleProposals(tx: Tx, { row }: Governed, { verb }: Decision, isProposal: boolean): Promise<void> {
  const agrees = !isProposal && (verb === 'approve' || verb === 'apply_fix');
  await endProposals(tx, row.exception_id, agrees ? 'used' : 'spent');
}

/** Lays down for the next attempt what the preview laid down for itself. */
async function applyFix(tx: Tx, { row }: Governed, fix: Fix, decisionId: string): Promise<void> {
  const { client_id: clientId, business_date: businessDate } = row;
  const modelVersion = (await effectiveVersion(tx, clientId, businessDate))!;
  await layDownFix(tx, { clientId, businessDate, modelVersion }, fix.change, decisionId);
}

/** The day is rejected; of a hand-off nothing is owed any more, and the day stays what its numbers say. */
async function reject(tx: Tx, row: ExceptionRow): Promise<void> {
  if (rejectedOf(row.kind) === 'day') await setDayStatus(tx, row, 'rejected');
  else await moveHandoffs(tx, 'forgive', await destinationsOf(tx, row.exception_id));
}

async function decideFor(tx: Tx, one: Governed, input: Decision, state: ExceptionState, how: How): Promise<void> {
  const { row } = one;
  await settleProposals(tx, one, input, how.isProposal);
  await insertDecision(tx, row, input, input.via, outcomeOf(input.verb, state, how.isProposal));
  if (input.fix && !how.isProposal) await applyFix(tx, one, input.fix, input.decisionId);
  await setState(tx, row.exception_id, state);
  if (state === 'rejected') await reject(tx, row);
  if (how.isProposal) await ask(tx, { ...one, row: { ...row, state, claimed_until: null } }, how.now);
}

async function reassign(tx: Tx, one: Governed, input: Decision, state: ExceptionState, now: Date): Promise<void> {
  const { row } = one;
  const to = input.args.to!;
  await insertDecision(tx, row, input, input.via, 'noted');
  await giveTo(tx, row.exception_id, to);
  // While the system still tries, nobody is asked yet: the new owner is, when it is time.
  if (state !== 'healing')
    await ask(tx, { ...one, row: { ...row, state, reassigned_to: to, claimed_until: null } }, now);
}

async function carryOut(tx: Tx, one: Governed, input: Decision, state: ExceptionState, how: How): Promise<void> {
  switch (input.verb) {
    case 'claim':
      await insertDecision(tx, one.row, input, input.via, 'noted');
      return claim(tx, one, input, how.now);
    case 'comment':
      return insertDecision(tx, one.row, input, input.via, 'noted');
    case 'reassign':
      return reassign(tx, one, input, state, how.now);
    default:
      return decideFor(tx, one, input, state, how);
  }
}

/** Writes a decision that may be taken down, with all that it changes; the audit row comes last. */
export async function take(tx: Tx, auditKey: Buffer, one: Governed, input: Decision, how: How): Promise<DecideAnswer> {
  const { row } = one;
  if (input.verb !== 'comment') await answerPeople(tx, row.exception_id, input.actor);
  await carryOut(tx, one, input, stateAfter(row.state, eventOf(input.verb, row, how.isProposal))!, how);
  await followChain(tx, row.exception_id);
  const { state, version } = await lockException(tx, row.exception_id);
  if (hasEnded(state)) await emitExceptions(tx, [row.exception_id], one.model);
  await appendAudit(tx, auditKey, {
    clientId: row.client_id,
    businessDate: row.business_date,
    actor: input.actor,
    ...(input.onBehalfOf && { onBehalfOf: input.onBehalfOf }),
    action: how.isProposal ? 'exception.propose' : `exception.${input.verb}`,
    subject: row.exception_id,
    detail: {
      decisionId: input.decisionId,
      ...(how.isProposal && { verb: input.verb }),
      ...input.args,
      ...(input.fix && { fixKind: input.fix.kind, fixTitle: input.fix.title }),
      ...(keepsNumber(input.verb, row.kind) && { kept: true }),
      ...(input.verb === 'reject' && rejectedOf(row.kind) === 'delivery' && { undelivered: true }),
      reason: input.reason,
      via: input.via,
      version: row.version,
      message: row.message,
    },
  });
  return {
    accepted: true,
    state,
    version,
    message: how.isProposal ? PROPOSED : `Recorded: ${wordsOf(input.verb, row)}.`,
  };
}
