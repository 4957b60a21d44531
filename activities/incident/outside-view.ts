import { outcomeOf } from '../../domain/incident/outcome.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import type { OutsideView } from '../../infra/mail/incident/outside-view.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { exceptionsOf, type IncidentRow } from '../../infra/postgres/incident/rows.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

/** What of a mail to readers outside the team is the same for each of them. */
export async function outsideView(
  db: Db,
  row: IncidentRow & { business_date: string },
  model: OperatingModel,
): Promise<Omit<OutsideView, 'recipient' | 'news'>> {
  const exceptions = await exceptionsOf(db, row.incident_id);
  const catalog = metricCatalog(model);
  const withheld = new Set(exceptions.flatMap((one) => one.withheld));
  return {
    incidentId: row.incident_id,
    client: model.client.name,
    businessDate: row.business_date,
    openedAt: row.opened_at.toISOString(),
    withheld: [...withheld].map((metric) => catalog.get(metric)?.title ?? metric).sort(),
    outcome: outcomeOf(exceptions),
  };
}
