import type { Tx } from '../../infra/postgres/connect.ts';
import { noteEvent } from '../../infra/postgres/incident/events.ts';
import type { KeptDelivery } from '../../infra/postgres/report/deliveries.ts';
import { stepKey } from './record.ts';

/** News of an incident that did not get to its receiver shows in its timeline, each time that it was given up. */
export async function noteUntold(tx: Tx, one: KeptDelivery, why: string): Promise<void> {
  const { incident_id, client_id, destination_id, event, subject } = one;
  if (incident_id === null) return;
  const round = one.queued_at?.toISOString() ?? 'first';
  await noteEvent(
    tx,
    { incident_id, client_id },
    {
      key: stepKey(incident_id, 'note', `${one.delivery_id}/${round}`),
      step: 'note',
      actor: 'meshline',
      event: `${destination_id} could not be told of ${event ?? subject}: ${why}.`,
    },
  );
}
