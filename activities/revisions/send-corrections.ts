import { businessDate as dayOf } from '../../domain/business-day.ts';
import {
  correctedTonight,
  type KeptDelivery,
  keepDeliveries,
  unsentCorrections,
  withdrawCorrections,
} from '../../infra/postgres/report/deliveries.ts';
import { owedNumbers } from '../../infra/postgres/report/told.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { wakeOutboxes } from '../delivery/outbox.ts';
import type { Deps } from '../deps.ts';
import { handOnEvents } from '../events/hand-on.ts';
import { contentOf, correctionOf, owesCorrection } from './corrections.ts';
import { currentModel } from './current-model.ts';
import { readTellings } from './explain.ts';

/**
 * Keeps the night's corrections as they go out, one for each destination that has none yet this night. What waits
 * already stays while it says what is owed, and goes where nothing is owed any more.
 */
async function keepCorrections(deps: Deps, model: OperatingModel, night: string): Promise<KeptDelivery[]> {
  const clientId = model.client.id;
  return deps.db.transaction().execute(async (tx) => {
    const owed = (await owedNumbers(tx, clientId)).filter(owesCorrection);
    const told = await correctedTonight(tx, clientId, night);
    const owing = [...Map.groupBy(owed, (one) => one.destination_id)];
    await withdrawCorrections(
      tx,
      clientId,
      owing.map(([id]) => id),
    );
    const unsent = await unsentCorrections(tx, clientId);
    const byDestination = owing.filter(([id, own]) => !told.has(id) && unsent.get(id) !== contentOf(own));
    const tellingOf = await readTellings(
      tx,
      clientId,
      byDestination.flatMap(([, own]) => own),
    );
    const corrections = byDestination.map(([id, own]) => correctionOf(deps, model, night, id, own, tellingOf));
    return keepDeliveries(tx, { clientId, businessDate: night, attempt: 0 }, corrections);
  });
}

/**
 * Tells every destination which final numbers are others than it was told, in one notice a night; what changes after
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
