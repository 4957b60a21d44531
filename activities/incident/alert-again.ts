import { lockIncident } from '../../infra/postgres/incident/rows.ts';
import { countAlert } from '../../infra/postgres/incident/steps.ts';
import type { Deps } from '../deps.ts';
import { record, stepKey } from './record.ts';

/** Counts one more alert of an incident that nobody has acknowledged, once. The mail goes out beside it. */
export function createAlertAgain(deps: Pick<Deps, 'db' | 'secrets'>) {
  return async function alertAgain(incidentId: string, told: number): Promise<void> {
    await deps.db.transaction().execute(async (tx) => {
      const row = await lockIncident(tx, incidentId);
      if (!(await countAlert(tx, incidentId, told))) return;
      await record(tx, deps, row, {
        key: stepKey(incidentId, 'alert', `${row.severity}/${told + 1}`),
        step: 'alert',
        actor: 'meshline',
        event: `Nobody has acknowledged it: alert ${told + 1}.`,
        action: 'incident.alerted',
        detail: { alert: told + 1, owner: row.owner },
      });
    });
  };
}
