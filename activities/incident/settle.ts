import { causeOfEndings } from '../../domain/incident/actions.ts';
import { after } from '../../domain/incident/states.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { endingsOf } from '../../infra/postgres/incident/actions.ts';
import { incidentsToTell } from '../../infra/postgres/incident/open.ts';
import { hasEnded, isParent, lockIncident } from '../../infra/postgres/incident/rows.ts';
import { moveIncident } from '../../infra/postgres/incident/steps.ts';
import type { Deps } from '../deps.ts';
import { record, stepKey } from './record.ts';

/** Why an incident is over whose end nobody has declared. */
async function causeOf(db: Db, incidentId: string, spansClients: boolean): Promise<string> {
  if (spansClients) return 'The incidents of all clients concerned are resolved.';
  return causeOfEndings(await endingsOf(db, incidentId));
}

/** Resolves an incident whose exceptions, or whose members, have all ended. Nothing where one has not. */
export function createSettleIncident(deps: Pick<Deps, 'db' | 'secrets' | 'engine'>) {
  return async function settleIncident(incidentId: string): Promise<void> {
    const parent = await deps.db.transaction().execute(async (tx) => {
      const row = await lockIncident(tx, incidentId);
      const to = after(row.state, 'end');
      if (!to || !(await hasEnded(tx, incidentId))) return row.parent_id;
      const cause = await causeOf(tx, incidentId, isParent(row));
      await moveIncident(tx, incidentId, to, { cause });
      await record(tx, deps, row, {
        key: stepKey(incidentId, 'end'),
        step: 'end',
        actor: 'meshline',
        event: `Resolved by itself. ${cause}`,
        action: 'incident.resolved',
        detail: { reason: cause, via: 'system', owner: row.owner, from: row.state },
      });
      return row.parent_id;
    });
    if (parent) await deps.engine.signalIncidentChanged(parent);
  };
}

/** Tells the incidents of an exception that it has ended; they look whether that was the last one. */
export function createExceptionEnded({ db, engine }: Pick<Deps, 'db' | 'engine'>) {
  return async function exceptionEnded(exceptionId: string): Promise<void> {
    for (const id of await incidentsToTell(db, exceptionId)) await engine.signalIncidentChanged(id);
  };
}
