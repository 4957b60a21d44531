import type { AuditRecord } from '../../infra/postgres/audit.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { emitEvents } from '../../infra/postgres/events/emit.ts';
import { routingModel } from '../../infra/postgres/events/model.ts';
import { exceptionsOf, type IncidentRow, isParent } from '../../infra/postgres/incident/rows.ts';
import { factsOf } from '../../infra/postgres/review/exception-facts.ts';

/** What an incident has become by the steps that rules speak of. */
const BECOMES = {
  'incident.opened': 'open',
  'incident.acknowledged': 'acknowledged',
  'incident.resolved': 'resolved',
} as const;
type RoutedAction = keyof typeof BECOMES;
const isRouted = (action: string): action is RoutedAction => Object.hasOwn(BECOMES, action);

/**
 * Notes a step of a client's own incident as an event, if rules may speak of it. Its mails and requests are written by
 * the incident itself.
 */
export async function emitIncident(
  tx: Tx,
  row: IncidentRow,
  { action, detail, key }: Pick<AuditRecord, 'action' | 'detail'> & { key: string },
): Promise<void> {
  if (!isRouted(action) || isParent(row)) return;
  const model = await routingModel(tx, row.client_id, row.business_date);
  if (!model) return;
  const owner = typeof detail.owner === 'string' ? detail.owner : row.owner;
  const { incident_id: incident, severity, title } = row;
  await emitEvents(tx, model, [
    {
      id: `${action}/${key}`,
      type: action,
      clientId: row.client_id,
      businessDate: row.business_date,
      facts: { incident, severity, state: BECOMES[action], owner, title },
      exceptions: (await exceptionsOf(tx, incident)).map(factsOf),
    },
  ]);
}
