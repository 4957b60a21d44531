import { businessDate as dayOf } from '../../domain/business-day.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import {
  correctedTonight,
  type KeptCorrection,
  type KeptDelivery,
  keepDeliveries,
  unsentCorrections,
  withdrawCorrections,
} from '../../infra/postgres/report/deliveries.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { wakeOutboxes } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { handOnEvents } from '../events/hand-on.ts';
import { readOwed } from '../report/owed.ts';
import { correctionOf, noticeOf, owesCorrection } from './corrections.ts';
import { currentModel } from './current-model.ts';
import { readTellings } from './explain.ts';
import { type Owing, owingOf, readerKey } from './ways.ts';

/** What is owed to readers who have had no notice this night, by notices. */
async function owingTonight(tx: Tx, model: OperatingModel, night: string): Promise<Owing[]> {
  const told = await correctedTonight(tx, model.client.id, night);
  const owed = (await readOwed(tx, model)).filter((one) => owesCorrection(one) && !told.has(readerKey(one)));
  return owingOf(model, night, owed);
}

const nameOf = (one: KeptCorrection): string => JSON.stringify([one.destinationId, one.reportVersion, one.status]);

/** Whoever cannot be told by itself stands in the trail of the night. */
async function noteLost(
  tx: Tx,
  { secrets }: Deps,
  model: OperatingModel,
  owing: readonly Owing[],
  kept: readonly KeptDelivery[],
) {
  for (const one of owing.filter(({ way }) => way.lost !== null)) {
    const { destinationId, reportVersion, status } = noticeOf(model, one);
    const own = kept.find((row) => row.destination_id === destinationId && row.report_version === reportVersion)!;
    await appendAudit(tx, secrets.auditKey, {
      clientId: model.client.id,
      businessDate: own.business_date,
      actor: 'meshline',
      action: 'correction.held',
      subject: destinationId,
      detail: { recipients: one.readers, reason: one.way.lost, status, delivery: String(own.delivery_id) },
    });
  }
}

/**
 * Keeps the night's corrections as they go out. What waits already stays while it says what is owed, and goes where
 * that is owed no more.
 */
async function keepCorrections(deps: Deps, model: OperatingModel, night: string): Promise<KeptDelivery[]> {
  const clientId = model.client.id;
  return deps.db.transaction().execute(async (tx) => {
    const owing = await owingTonight(tx, model, night);
    const unsent = new Set((await unsentCorrections(tx, clientId)).map(nameOf));
    const fresh = owing.filter((one) => !unsent.has(nameOf(noticeOf(model, one))));
    const tellingOf = await readTellings(
      tx,
      clientId,
      fresh.flatMap((one) => one.owed),
    );
    const corrections = fresh.map((one) => correctionOf(deps, model, night, one, tellingOf));
    const kept = await keepDeliveries(tx, { clientId, businessDate: night, attempt: 0 }, corrections);
    await withdrawCorrections(
      tx,
      clientId,
      owing.map((one) => noticeOf(model, one)),
    );
    await noteLost(tx, deps, model, fresh, kept);
    return kept;
  });
}

/**
 * Tells every reader which final numbers are others than they were told, in one notice a night; what changes after
 * that night's notice is told by the next one. Their outboxes send them, after whatever waits there. What the night has
 * to tell by the routing rules goes with them.
 */
export function createSendCorrections(deps: Deps) {
  return async function sendCorrections(clientId: string): Promise<void> {
    const model = await currentModel(deps.db, clientId);
    if (!model) return;
    const { timezone, cutOff } = model.client;
    await wakeOutboxes(deps, await keepCorrections(deps, model, dayOf(new Date(), timezone, cutOff)));
    await handOnEvents(deps, clientId, 'all');
  };
}
