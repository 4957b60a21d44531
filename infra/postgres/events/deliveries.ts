import type { RoutingModel } from '../../../domain/routing/route.ts';
import type { Db } from '../connect.ts';
import type { KeptDelivery } from '../report/deliveries.ts';
import { emitEvents } from './emit.ts';

/**
 * Notes that something did not get to its receiver, each time that it was given up. Of a message of events it is not:
 * telling of that could fail for ever.
 */
export async function emitFailed(tx: Db, model: RoutingModel, one: KeptDelivery, error: string): Promise<void> {
  if (one.kind === 'event') return;
  const { delivery_id, client_id: clientId, business_date: businessDate, destination_id, channel, kind } = one;
  const round = one.queued_at?.toISOString() ?? 'first';
  await emitEvents(tx, model, [
    {
      id: ['delivery.failed', delivery_id, round].join('/'),
      type: 'delivery.failed',
      clientId,
      businessDate,
      facts: { delivery: String(delivery_id), destination: destination_id, channel, kind, error },
    },
  ]);
}
