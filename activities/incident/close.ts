import { after } from '../../domain/incident/states.ts';
import { type IncidentSummary, summaryOf } from '../../domain/incident/summary.ts';
import { exactOrNull } from '../../domain/money.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { withdrawNews } from '../../infra/postgres/delivery/release.ts';
import { actionsOf } from '../../infra/postgres/incident/actions.ts';
import { eventsOf } from '../../infra/postgres/incident/events.ts';
import { noticesOf } from '../../infra/postgres/incident/notices.ts';
import { exceptionsOf, type IncidentRow, lockIncident } from '../../infra/postgres/incident/rows.ts';
import { moveIncident, storeSummary } from '../../infra/postgres/incident/steps.ts';
import { webhooksOf } from '../../infra/postgres/read/deliveries.ts';
import type { Deps } from '../deps.ts';
import { record, stepKey } from './record.ts';
import { lineOf } from './view.ts';

async function toldOf(db: Db, incidentId: string): Promise<string[]> {
  const mails = (await noticesOf(db, incidentId)).filter((one) => one.status === 'sent');
  const hooks = (await webhooksOf(db, incidentId)).filter((one) => one.status === 'sent');
  return [...mails.map((one) => one.recipient), ...hooks.map((one) => `${one.destination_id} (webhook)`)];
}

async function summarize(db: Db, row: IncidentRow): Promise<IncidentSummary> {
  const { incident_id: id, opened_at, acknowledged_at, resolved_at, cause } = row;
  return summaryOf({
    openedAt: opened_at.toISOString(),
    acknowledgedAt: acknowledged_at?.toISOString() ?? null,
    resolvedAt: (resolved_at ?? new Date()).toISOString(),
    cause: cause ?? 'unknown',
    timeline: (await eventsOf(db, id)).map(lineOf),
    exceptions: (await exceptionsOf(db, id)).map((one) => ({
      client: one.client_id,
      businessDate: one.business_date,
      kind: one.kind,
      message: one.message,
      withheld: one.withheld,
      difference: exactOrNull(one.difference_micros),
      currency: one.currency,
    })),
    told: await toldOf(db, id),
    actions: (await actionsOf(db, id)).map((one) => ({ ...one, at: one.at.toISOString() })),
  });
}

/**
 * Writes the summary of an incident that is over, once: what it says is what is mailed. Drafts that still say that the
 * incident is open are taken back.
 */
export function createSummarizeIncident({ db }: Pick<Deps, 'db'>) {
  return async function summarizeIncident(incidentId: string): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const row = await lockIncident(tx, incidentId);
      if (row.state !== 'resolved') return;
      await storeSummary(tx, incidentId, await summarize(tx, row));
      await withdrawNews(tx, incidentId);
    });
  };
}

/** Closes an incident once its summary is stored and everyone is told. */
export function createCloseIncident(deps: Pick<Deps, 'db' | 'secrets'>) {
  return async function closeIncident(incidentId: string): Promise<void> {
    await deps.db.transaction().execute(async (tx) => {
      const row = await lockIncident(tx, incidentId);
      const to = after(row.state, 'close');
      if (!to) return;
      await moveIncident(tx, incidentId, to);
      await record(tx, deps, row, {
        key: stepKey(incidentId, 'close'),
        step: 'close',
        actor: 'meshline',
        event: 'Closed: its summary is stored and told.',
        action: 'incident.closed',
        detail: { cause: row.cause },
      });
    });
  };
}
