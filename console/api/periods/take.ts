import { blockersOf, type CheckItem, checklistOf, EXPECTED } from '../../../domain/period/checklist.ts';
import { judgePeriod } from '../../../domain/period/judge.ts';
import { datesOfMonth } from '../../../domain/period/month.ts';
import { isLocked, type PeriodState, type PeriodVerb } from '../../../domain/period/table.ts';
import { type AuditHead, appendAudit } from '../../../infra/postgres/audit.ts';
import { lockDays } from '../../../infra/postgres/capture/lapse.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { type PeriodStep as EmittedStep, emitPeriod } from '../../../infra/postgres/events/periods.ts';
import { lapseReopened, seenHash } from '../../../infra/postgres/period/facts.ts';
import { storeLock } from '../../../infra/postgres/period/numbers.ts';
import {
  asPeriod,
  lockPeriod,
  markClosed,
  markLocked,
  markOpen,
  markReopening,
  type PeriodRow,
  withdrawReopening,
} from '../../../infra/postgres/period/rows.ts';
import { periodSubject } from '../../../infra/postgres/period/timeline.ts';
import { contentHash } from '../../../infra/postgres/period/verify.ts';
import type { Caller } from '../caller.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { readFacts } from './facts.ts';
import { catalogOf, computeNumbers } from './numbers.ts';

/** What somebody says of a month. */
export type PeriodStep = {
  client: string;
  month: string;
  verb: PeriodVerb;
  reason: string | null;
  onBehalfOf: string | null;
};
type Taking = { tx: Tx; deps: ApiDeps; caller: Caller; step: PeriodStep; period: PeriodRow };

async function note(
  { tx, deps, caller, step }: Taking,
  action: string,
  detail: Record<string, unknown>,
): Promise<AuditHead> {
  return appendAudit(tx, deps.secrets.auditKey, {
    clientId: step.client,
    actor: caller.person,
    ...(step.onBehalfOf !== null && { onBehalfOf: step.onBehalfOf }),
    action,
    subject: periodSubject(step.month),
    detail: { month: step.month, reason: step.reason, ...detail },
  });
}

/** What is routed to whoever the rules name. */
const tell = ({ tx, caller, step }: Taking, type: EmittedStep['type']): Promise<void> =>
  emitPeriod(tx, { type, clientId: step.client, month: step.month, actor: caller.person, reason: step.reason });

const notReady = ({ client, month, verb }: PeriodStep, blockers: readonly CheckItem[]): Problem =>
  new Problem(
    409,
    'checklist-blocked',
    'The month is not ready',
    `${month} of ${client} cannot be ${verb === 'lock' ? 'locked' : 'closed'} yet: ${blockers.map((one) => one.what).join('; ')}.`,
    {
      problems: blockers.map((one) => ({
        path: one.item,
        found: one.what,
        expected: EXPECTED[one.item],
      })),
    },
  );

/** The checklist, which must hold. */
async function requireReady({ tx, step, period }: Taking, verb: 'close' | 'lock'): Promise<CheckItem[]> {
  const checklist = checklistOf(await readFacts(tx, step.client, period));
  const blockers = blockersOf(checklist, verb);
  if (blockers.length > 0) throw notReady(step, blockers);
  return checklist;
}

async function close(taking: Taking, hash: string): Promise<void> {
  const { tx, caller, step } = taking;
  await requireReady(taking, 'close');
  await markClosed(tx, step.client, step.month, { actor: caller.person, reason: step.reason, seenHash: hash });
  await tell(taking, 'period.closed');
  await note(taking, 'period.closed', { seenHash: hash });
}

async function lock(taking: Taking): Promise<void> {
  const { tx, caller, step, period } = taking;
  const checklist = await requireReady(taking, 'lock');
  const { client, month } = step;
  const numbers = await computeNumbers(tx, client, month, await catalogOf(tx, client, month));
  const hash = contentHash(numbers);
  await markLocked(tx, client, month);
  await tell(taking, 'period.locked');
  // The row says what was locked; the lock names the row, so that neither can change without showing.
  const head = await note(taking, 'period.locked', {
    lock: period.locks + 1,
    contentHash: hash,
    closedBy: period.closed_by,
  });
  const locked = {
    lock: period.locks + 1,
    contentHash: hash,
    checklist,
    closedBy: period.closed_by!,
    closedAt: period.closed_at!,
    closeReason: period.close_reason,
    lockedBy: caller.person,
    reason: step.reason,
  };
  await storeLock(tx, client, month, locked, numbers, head);
}

async function withdraw(taking: Taking): Promise<void> {
  const { tx, step, period } = taking;
  await withdrawReopening(tx, step.client, step.month);
  await note(taking, 'period.reopening_withdrawn', { proposedBy: period.reopening_by });
}

async function propose(taking: Taking): Promise<void> {
  const { tx, caller, step } = taking;
  await markReopening(tx, step.client, step.month, { actor: caller.person, reason: step.reason });
  await note(taking, 'period.reopening_proposed', {});
}

async function open(taking: Taking): Promise<void> {
  const { tx, step, period } = taking;
  await markOpen(tx, step.client, step.month);
  if (isLocked(period.state)) await lapseReopened(tx, { clientId: step.client, month: step.month });
  await tell(taking, 'period.reopened');
  await note(taking, 'period.reopened', { from: period.state, proposedBy: period.reopening_by });
}

function carryOut(taking: Taking, to: PeriodState, hash: string): Promise<void> {
  if (to === 'soft_closed') return close(taking, hash);
  if (to === 'open') return open(taking);
  if (to === 'reopening') return propose(taking);
  return taking.period.state === 'reopening' ? withdraw(taking) : lock(taking);
}

/** Who says it once more changes nothing; who may not say it is told why. */
export async function takeStep(tx: Tx, deps: ApiDeps, caller: Caller, step: PeriodStep): Promise<void> {
  const { client, month, verb, onBehalfOf } = step;
  await lockDays(tx, client, datesOfMonth(month));
  const period = await lockPeriod(tx, client, month, true);
  const hash = await seenHash(tx, { clientId: client, month });
  const speaker = { actor: caller.person, onBehalfOf, service: caller.service };
  const judged = judgePeriod(asPeriod(period), verb, speaker, hash);
  if (judged.as === 'nothing') return;
  if (judged.as === 'take') return carryOut({ tx, deps, caller, step, period }, judged.to, hash);
  if (judged.because === 'person')
    throw new Problem(403, 'second-person-needed', 'Another person must do it', judged.why);
  throw new Problem(409, 'period-state', `The month cannot be said to ${verb} now`, judged.why);
}
