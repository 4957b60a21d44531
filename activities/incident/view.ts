import { minorDigits } from '../../domain/currency.ts';
import type { IncidentSummary } from '../../domain/incident/summary.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import { personName } from '../../domain/people.ts';
import type { IncidentView } from '../../infra/mail/incident/view.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { type EventRow, eventsOf } from '../../infra/postgres/incident/events.ts';
import { exceptionsOf, type IncidentRow } from '../../infra/postgres/incident/rows.ts';
import { storedSummary } from '../../infra/postgres/incident/steps.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';

/** A difference as people read it: `-8795.12 GBP`. */
export function differenceOf({ difference_micros, currency }: ExceptionRow): string | null {
  if (difference_micros === null) return null;
  return currency
    ? `${formatMicros(difference_micros, minorDigits(currency))} ${currency}`
    : formatExact(difference_micros);
}

export const lineOf = ({ at, actor, event }: EventRow) => ({ at: at.toISOString(), actor, event });

/** What of a mail is the same for everyone who gets it. */
export type SharedView = Omit<IncidentView, 'recipient' | 'news'>;

/** @param model of the client, or of one of the clients where it spans several */
export async function sharedView(db: Db, row: IncidentRow, model: OperatingModel): Promise<SharedView> {
  return {
    incidentId: row.incident_id,
    severity: row.severity,
    title: row.title,
    client: row.business_date === null ? null : { id: model.client.id, name: model.client.name },
    businessDate: row.business_date,
    owner: personName(model, row.owner),
    openedAt: row.opened_at.toISOString(),
    alert: row.alerts,
    exceptions: (await exceptionsOf(db, row.incident_id)).map((one) => ({
      id: one.exception_id,
      client: one.client_id,
      businessDate: one.business_date,
      message: one.message,
      difference: differenceOf(one),
      withheld: one.withheld,
    })),
    timeline: (await eventsOf(db, row.incident_id)).map(lineOf),
    summary: await storedSummary<IncidentSummary>(db, row.incident_id),
  };
}
