import { isUrgent } from '../../domain/exception/facts.ts';
import { afterQuietHours } from '../../domain/exception/quiet-hours.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { exceptionsOf, type IncidentRow } from '../../infra/postgres/incident/rows.ts';
import { factsOf } from '../../infra/postgres/review/exception-facts.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Reader } from './readers.ts';

/** Whether a client's model calls what the incident is about urgent: then nobody's quiet hours hold for it. */
export async function isUrgentIncident(
  db: Db,
  { incident_id }: Pick<IncidentRow, 'incident_id'>,
  models: readonly OperatingModel[],
): Promise<boolean> {
  const exceptions = await exceptionsOf(db, incident_id);
  return models.some(({ client, exceptions: { incidents } }) =>
    exceptions.some((one) => one.client_id === client.id && isUrgent(incidents, factsOf(one))),
  );
}

/** When a mail that would go out at an instant may reach a reader. A draft goes nowhere, and so waits for nothing. */
export const mayReachMs = ({ isDraft, quietHours, timezone }: Reader, atMs: number): number =>
  isDraft ? atMs : afterQuietHours(atMs, quietHours, timezone);
