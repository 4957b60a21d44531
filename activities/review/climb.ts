import { type Step, successor } from '../../domain/exception/ladder.ts';
import { isAway } from '../../domain/exception/presence.ts';
import { stateAfter } from '../../domain/exception/table.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { emitExceptions } from '../../infra/postgres/events/exceptions.ts';
import { followChain } from '../../infra/postgres/handoff/people.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { lockException, standingProposal } from '../../infra/postgres/review/decisions.ts';
import { dueOf, endStep, markOverdue, passTo } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { handOnEvents } from '../events/hand-on.ts';
import { chainOf, type Governed, governed } from './chain.ts';
import { modelOf } from './load-review.ts';
import { plan } from './plan-notice.ts';

/** `atMs` is when the step was due: one that was moved meanwhile is not taken. */
export type DueStep = { exceptionId: string; step: Step; atMs: number };

/** What became of a step, for the trail; null where nothing did. */
type Taken = { action: string; person: string } | null;

/** Whom the rules call when the deadline has passed: the first who is there, and somebody at any rate. */
function calledOf({ model, rules }: Governed, nowMs: number): string {
  const { owner, deputy } = model.owners.incidents;
  const there = [rules.escalateTo, owner, deputy].find((id) => {
    const person = model.people.find((one) => one.id === id);
    return person !== undefined && !isAway(person, nowMs);
  });
  return there ?? rules.escalateTo;
}

async function pass(tx: Tx, one: Governed, step: 'hand_over' | 'deputy', atMs: number, now: Date): Promise<Taken> {
  const { row } = one;
  const proposal = await standingProposal(tx, row);
  const next = successor(chainOf(one, proposal?.actor ?? null), row.responsible ?? '', atMs);
  if (!next) {
    await endStep(tx, row.exception_id, step);
    return null;
  }
  const { person, goesMs } = next;
  const handOverMs = goesMs !== null && row.deadline !== null && goesMs < row.deadline.getTime() ? goesMs : null;
  await passTo(tx, row.exception_id, person.id, handOverMs);
  await plan(tx, one, step === 'deputy' ? 'deputy' : 'handed_over', person.id, now);
  return { action: step === 'deputy' ? 'exception.deputy_called' : 'exception.handed_over', person: person.id };
}

async function remind(tx: Tx, one: Governed, now: Date): Promise<Taken> {
  await endStep(tx, one.row.exception_id, 'reminder');
  if (one.row.responsible !== null) await plan(tx, one, 'reminder', one.row.responsible, now);
  return null;
}

async function passDeadline(tx: Tx, one: Governed, now: Date): Promise<Taken> {
  if (!(await markOverdue(tx, one.row.exception_id))) return null;
  await emitExceptions(tx, [one.row.exception_id], one.model);
  const person = calledOf(one, now.getTime());
  await plan(tx, { ...one, row: { ...one.row, state: 'overdue' } }, 'overdue', person, now);
  return { action: 'exception.overdue', person };
}

/** Takes a step of the chain in a transaction that has the exception. */
async function take(tx: Tx, one: Governed, { step, atMs }: DueStep, now: Date): Promise<Taken> {
  if (step === 'overdue') return passDeadline(tx, one, now);
  return step === 'reminder' ? remind(tx, one, now) : pass(tx, one, step, atMs, now);
}

/**
 * The time of a step has come: hands over to the next person, reminds, calls the deputy, or makes the exception
 * overdue. Nothing where it was taken before, was moved by a claim, or nobody waits any more.
 */
export function createClimb(deps: Deps) {
  const { db, secrets } = deps;
  return async function climb(due: DueStep): Promise<void> {
    const found = (await loadException(db, due.exceptionId))!;
    const model = await modelOf(db, found);
    await db.transaction().execute(async (tx) => {
      await lockDay(tx, found.client_id, found.business_date);
      const row = await lockException(tx, due.exceptionId);
      if (stateAfter(row.state, 'pass_deadline') === undefined || dueOf(row)[due.step] !== due.atMs) return;
      const taken = await take(tx, governed(model, row), due, new Date());
      await followChain(tx, row.exception_id);
      if (!taken) return;
      await appendAudit(tx, secrets.auditKey, {
        clientId: row.client_id,
        businessDate: row.business_date,
        actor: 'meshline',
        action: taken.action,
        subject: row.exception_id,
        detail: { person: taken.person, after: row.responsible },
      });
    });
    await handOnEvents(deps, found.client_id, 'urgent');
  };
}

/** The deadline has passed, as reviews say it that began before there was a chain of steps. */
export function createEscalate(deps: Deps) {
  const climb = createClimb(deps);
  return async function escalate(exceptionId: string): Promise<void> {
    const row = await loadException(deps.db, exceptionId);
    if (row?.deadline) await climb({ exceptionId, step: 'overdue', atMs: row.deadline.getTime() });
  };
}
