import { lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { acceptedHandoffs, endHandoffException } from '../../infra/postgres/handoff/exceptions.ts';
import { auditHandoffs, deliverHandoff, handoffId, moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import { markDecisions } from '../../infra/postgres/publish/exceptions.ts';
import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Problem } from '../../schemas/problem.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';
import { destinationSubject, reportedDestinations } from './open.ts';
import { noteUndelivered, undeliveredId } from './undelivered.ts';

type HandoffDeps = Pick<Deps, 'db' | 'secrets'>;
/** The payload as it would have gone out, and every way in which it breaks the contract. */
export type BrokenReport = { version: string; payload: unknown; problems: readonly Problem[] };

const FIRST = 20;
const wordsOf = ({ path, found, expected }: Problem): string => `${path || 'the report'} is ${found}, not ${expected}`;

/** Refuses a report that breaks its contract, for every destination: it is kept with its errors and never sent. */
export async function refuseReport(
  { db, secrets }: HandoffDeps,
  day: DayKey,
  model: OperatingModel,
  { version, payload, problems }: BrokenReport,
): Promise<void> {
  const errors = problems.slice(0, FIRST).map(({ path, found, expected }) => ({ path, found, expected }));
  await db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    const rows = [];
    for (const destination of reportedDestinations(model)) {
      const message = `The report for ${destination.id} breaks its contract and was not sent: ${wordsOf(problems[0]!)}.`;
      const subject = destinationSubject(model, destination);
      const undelivered = { subject, event: 'refuse', version, message, facts: { errors, payload } } as const;
      rows.push(...(await noteUndelivered(tx, day, model, undelivered)));
    }
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.refused', rows);
  });
}

/** Its receiver took it: delivered, and acknowledged by the id that it was taken under. The exception of it is over. */
export async function noteSent(tx: Tx, day: DayKey, subject: string, delivery: KeptDelivery): Promise<void> {
  const id = handoffId(day, 'destination', subject);
  await deliverHandoff(tx, id, new Date(), { version: delivery.report_version });
  await moveHandoffs(tx, 'acknowledge', [id], { acknowledgedBy: delivery.message_id });
  await endHandoffException(tx, undeliveredId(day, subject), day.attempt, 'delivered');
}

/**
 * Ends what stands of a report that reached its destinations: a version that was sent before needs no second mail, and
 * a destination that nobody receives any more is owed nothing.
 */
export async function settleDelivered(
  { db, secrets }: HandoffDeps,
  day: DayKey,
  model: OperatingModel,
  kept: readonly KeptDelivery[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    for (const delivery of kept.filter((one) => one.status === 'sent'))
      await noteSent(tx, day, destinationSubject(model, { id: delivery.destination_id }), delivery);
    const nobody = kept.filter((one) => one.status === 'stored');
    const subjects = nobody.map((one) => destinationSubject(model, { id: one.destination_id }));
    const ids = subjects.map((subject) => handoffId(day, 'destination', subject));
    const rows = await moveHandoffs(tx, 'forgive', ids);
    for (const subject of subjects) await endHandoffException(tx, undeliveredId(day, subject), day.attempt, 'accepted');
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.forgiven', rows);
  });
}

/**
 * Ends what somebody has accepted not to be delivered, of these hand-offs or of all: it is owed no more. Answers which
 * hand-offs those were.
 */
export async function settleAccepted(
  { db, secrets }: HandoffDeps,
  day: DayKey,
  only?: readonly string[],
): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    const all = await acceptedHandoffs(tx, day);
    const accepted = only ? all.filter((one) => only.includes(one.handoff_id)) : all;
    const decisions = accepted.map((one) => one.decision_id);
    await markDecisions(tx, decisions, 'used', day.attempt);
    for (const one of accepted) await endHandoffException(tx, one.exception_id, day.attempt, 'accepted');
    const ids = accepted.map((one) => one.handoff_id);
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.forgiven', await moveHandoffs(tx, 'forgive', ids));
    return ids;
  });
}
