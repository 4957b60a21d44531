import { nextAlertMs, realertTermsOf } from '../../domain/incident/realert.ts';
import type { IncidentState } from '../../domain/incident/states.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { hasEnded, type IncidentRow, isParent, loadIncident, membersOf } from '../../infra/postgres/incident/rows.ts';
import type { Severity } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { modelOfDay } from './context.ts';
import { isUrgentIncident, mayReachMs } from './quiet-hours.ts';
import { holderOf, readerOf } from './readers.ts';

/** An incident as its workflow sees it. Instants are epoch ms. */
export type IncidentLook = {
  state: IncidentState;
  severity: Severity;
  owner: string;
  title: string;
  /** Alerts so far, the first included. */
  alerts: number;
  /** When it is told again unless somebody acknowledges it; null where it is not. */
  nextAlertMs: number | null;
  /** Everything that it is about has ended. */
  ended: boolean;
  /** It spans clients: what is done about it is done about its members. */
  spansClients: boolean;
};

/**
 * One that spans clients goes by the rules of the client that had it first. No alert is spent while its owner sleeps.
 */
async function alertMs(db: Db, row: IncidentRow): Promise<number | null> {
  if (row.state !== 'open' || row.parent_id !== null) return null;
  const [governing] = isParent(row) ? await membersOf(db, row.incident_id) : [row];
  const model = await modelOfDay(db, governing!);
  const holder = holderOf(model, row);
  const isAwake = holder === undefined || (await isUrgentIncident(db, row, [model]));
  const awakeMs = (atMs: number) => (isAwake ? atMs : mayReachMs(readerOf(model, holder.email), atMs));
  const next = nextAlertMs(realertTermsOf(model), awakeMs(row.alerted_at.getTime()), row.alerts);
  return next === null ? null : awakeMs(next);
}

/** Reads the incident. Its row is the truth; the workflow only knows when to look. */
export function createLoadIncident({ db }: Pick<Deps, 'db'>) {
  return async function loadIncidentNow(incidentId: string): Promise<IncidentLook> {
    const row = await loadIncident(db, incidentId);
    if (!row) throw new Error(`incident ${incidentId} is not stored`);
    return {
      state: row.state,
      severity: row.severity,
      owner: row.owner,
      title: row.title,
      alerts: row.alerts,
      nextAlertMs: await alertMs(db, row),
      ended: await hasEnded(db, incidentId),
      spansClients: isParent(row),
    };
  };
}
