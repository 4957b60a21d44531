import { appendAudit } from '../../infra/postgres/audit.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { endTry, settleDelivery } from '../../infra/postgres/delivery/tries.ts';
import { emitFailed } from '../../infra/postgres/events/deliveries.ts';
import { auditHandoffs, type HandoffRow } from '../../infra/postgres/handoff/rows.ts';
import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';
import { noteSent } from '../handoff/destinations.ts';
import { destinationSubject } from '../handoff/open.ts';
import { noteUndelivered, undeliveredId } from '../handoff/undelivered.ts';
import { noteUntold } from '../incident/untold.ts';
import type { Sent } from './send.ts';
import { undeliveredWords } from './words.ts';

export type Settled = Exclude<Sent, { status: 'later' }>;
type RecordDeps = Pick<Deps, 'db' | 'secrets' | 'engine'>;

const ACTIONS = { sent: 'sent', failed: 'not_sent', uncertain: 'uncertain' } as const;

/**
 * What a hand-off is after a delivery. What had reached its receiver before owes nothing, whatever became of sending it
 * again; news of a single thing is nobody's hand-off, and a correction that failed is owed anew.
 */
async function settleHandoff(tx: Tx, day: DayKey, model: OperatingModel, one: KeptDelivery, sent: Settled) {
  if (one.kind !== 'report' || (one.status === 'sent' && sent.status !== 'sent')) return;
  const subject = destinationSubject(model, { id: one.destination_id });
  if (sent.status === 'sent') return noteSent(tx, day, subject, one);
  const message = undeliveredWords(one, sent);
  await noteUndelivered(tx, day, model, { subject, event: 'miss', version: one.report_version, message });
}

async function settle(
  tx: Tx,
  { secrets }: RecordDeps,
  day: DayKey,
  model: OperatingModel,
  one: KeptDelivery,
  sent: Settled,
) {
  // What is no report is of a night, which need not be a day that was closed.
  if (one.kind === 'report') await lockDay(tx, day.clientId, day.businessDate);
  await settleDelivery(tx, one.delivery_id, sent.status);
  if (sent.status === 'sent') await endTry(tx, one.delivery_id, sent.number, sent.end);
  await settleHandoff(tx, day, model, one, sent);
  if (sent.status !== 'sent') {
    await emitFailed(tx, model, one, sent.why);
    await noteUntold(tx, one, sent.why);
  }
  await appendAudit(tx, secrets.auditKey, {
    clientId: day.clientId,
    businessDate: day.businessDate,
    attempt: day.attempt,
    actor: 'meshline',
    action: `${one.kind}.${ACTIONS[sent.status]}`,
    subject: one.destination_id,
    detail: {
      reportVersion: one.report_version,
      recipients: one.recipients,
      messageId: one.message_id,
      delivery: String(one.delivery_id),
      ...(one.incident_id !== null && { incident: one.incident_id }),
      ...(sent.status !== 'sent' && { reason: sent.why }),
    },
  });
}

/** Notes how a delivery ended, in one transaction with what that means for its hand-off, and tells the review of it. */
export async function recordDelivery(
  deps: RecordDeps,
  day: DayKey,
  model: OperatingModel,
  delivery: KeptDelivery,
  sent: Settled,
): Promise<void> {
  await deps.db.transaction().execute((tx) => settle(tx, deps, day, model, delivery, sent));
  // A review that waits for this hand-off looks again; there may be none.
  const subject = destinationSubject(model, { id: delivery.destination_id });
  if (delivery.queued_at !== null) await deps.engine.signalHandoffSettled(undeliveredId(day, subject));
}

/** Nobody knows whether these are with their receivers: their exceptions stand until a person has seen to it. */
export async function noteUncertain(
  { db, secrets }: Pick<Deps, 'db' | 'secrets'>,
  day: DayKey,
  model: OperatingModel,
  deliveries: readonly KeptDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    const rows: HandoffRow[] = [];
    for (const one of deliveries) {
      const subject = destinationSubject(model, { id: one.destination_id });
      const message = undeliveredWords(one, { status: 'uncertain', why: '' });
      const undelivered = { subject, event: 'miss', version: one.report_version, message } as const;
      rows.push(...(await noteUndelivered(tx, day, model, undelivered)));
    }
    const isForgiven = (row: HandoffRow) => row.state === 'forgiven';
    await auditHandoffs(tx, secrets.auditKey, day, 'handoff.forgiven', rows.filter(isForgiven));
  });
}
