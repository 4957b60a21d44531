import type { Tx } from '../../../infra/postgres/connect.ts';
import { emitEvents } from '../../../infra/postgres/events/emit.ts';
import { routingModel } from '../../../infra/postgres/events/model.ts';
import type { PeriodStep } from './take.ts';

export type PeriodEvent = 'period.closed' | 'period.locked' | 'period.reopened';

/**
 * Notes what became of a month, each time that it did.
 * @param turn tells this time from any other
 */
export async function emitPeriod(
  tx: Tx,
  type: PeriodEvent,
  { client, month, reason }: PeriodStep,
  { actor, turn }: { actor: string; turn: string },
): Promise<void> {
  const model = await routingModel(tx, client, null);
  const id = [type, client, month, turn].join('/');
  const event = { id, type, clientId: client, businessDate: null, facts: { month, actor, reason } };
  if (model) await emitEvents(tx, model, [event]);
}
