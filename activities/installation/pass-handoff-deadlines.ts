import { loadDay, lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { type DueHandoff, daysWithDueHandoffs, dueHandoffs } from '../../infra/postgres/handoff/overdue.ts';
import { unneededAnswers } from '../../infra/postgres/handoff/people.ts';
import { auditHandoffs, type DayOf, type HandoffRow, moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import { linkSources } from '../../infra/postgres/handoff/sources.ts';
import { effectiveVersion, loadModel } from '../../infra/postgres/model.ts';
import { noteUndelivered } from '../handoff/undelivered.ts';
import type { CareDeps } from './deps.ts';

export type PassedHandoffs = { missed: number; forgiven: number };

const messageOf = ({ subject, deadline }: DueHandoff): string =>
  `The report was not with ${subject.split('/').at(-1)} by its deadline, ${deadline.toISOString()}.`;

async function missSources(tx: Tx, day: DayOf, due: readonly DueHandoff[]): Promise<HandoffRow[]> {
  const ids = due.filter((one) => one.kind === 'source').map((one) => one.handoff_id);
  const rows = await moveHandoffs(tx, 'miss', ids);
  await linkSources(tx, day);
  return rows;
}

/** A report that is not out in time opens an exception of its own, whether or not the close came as far as sending it. */
async function missDestinations(tx: Tx, day: DayOf, due: readonly DueHandoff[]): Promise<HandoffRow[]> {
  const missed = due.filter((one) => one.kind === 'destination');
  const version = await effectiveVersion(tx, day.clientId, day.businessDate);
  const state = await loadDay(tx, day.clientId, day.businessDate);
  if (missed.length === 0 || version === undefined || !state) return [];
  const { document } = await loadModel(tx, day.clientId, version);
  const key = { ...day, attempt: state.attempt };
  const rows: HandoffRow[] = [];
  for (const one of missed) {
    const undelivered = { subject: one.subject, event: 'miss', version: null, message: messageOf(one) } as const;
    rows.push(...(await noteUndelivered(tx, key, document, undelivered)));
  }
  return rows;
}

async function passDay(tx: Tx, auditKey: Buffer, day: DayOf, now: Date): Promise<PassedHandoffs> {
  await lockDay(tx, day.clientId, day.businessDate);
  const due = await dueHandoffs(tx, day, now);
  const missed = [...(await missSources(tx, day, due)), ...(await missDestinations(tx, day, due))];
  const forgiven = await moveHandoffs(tx, 'forgive', await unneededAnswers(tx, day));
  await auditHandoffs(tx, auditKey, day, 'handoff.missed', missed);
  await auditHandoffs(tx, auditKey, day, 'handoff.forgiven', forgiven);
  return { missed: missed.length, forgiven: forgiven.length };
}

/**
 * Sees the deadlines of hand-offs pass that nothing runs for: they are missed, and a report that is missed opens its
 * exception, whose review the same pass starts. Repeatable: what was missed is no longer pending.
 */
export function createPassHandoffDeadlines({ db, secrets }: Pick<CareDeps, 'db' | 'secrets'>) {
  return async function passHandoffDeadlines(): Promise<PassedHandoffs> {
    const now = new Date();
    const total: PassedHandoffs = { missed: 0, forgiven: 0 };
    for (const day of await daysWithDueHandoffs(db, now)) {
      const passed = await db.transaction().execute((tx) => passDay(tx, secrets.auditKey, day, now));
      total.missed += passed.missed;
      total.forgiven += passed.forgiven;
    }
    return total;
  };
}
