import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import type { Deps } from '../deps.ts';

/** Wakes the outbox of every destination for which something waits. Call it when what was kept is committed. */
export async function wakeOutboxes({ engine }: Pick<Deps, 'engine'>, kept: readonly KeptDelivery[]): Promise<void> {
  const waiting = kept.filter((one) => one.queued_at !== null);
  const outboxes = new Map(
    waiting.map(({ client_id: clientId, destination_id: destinationId }) => [
      `${clientId}/${destinationId}`,
      { clientId, destinationId },
    ]),
  );
  for (const outbox of outboxes.values()) await engine.wakeOutbox(outbox);
}
