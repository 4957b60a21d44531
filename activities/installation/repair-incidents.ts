import { incidentWorkflowId } from '../../domain/ids.ts';
import { unclosedIncidents } from '../../infra/postgres/installation/incidents.ts';
import type { CareDeps } from './deps.ts';

export type RepairedIncidents = { unclosed: number; started: readonly string[] };

/**
 * Starts the workflow of every incident that has none, and wakes those whose exceptions have ended without their hearing
 * of it. The list of running ones may lag behind, which costs a start in vain.
 */
export function createRepairIncidents({ db, engine, installation }: CareDeps) {
  return async function repairIncidents(): Promise<RepairedIncidents> {
    const running = await installation.runningIncidents();
    const unclosed = await unclosedIncidents(db);
    const started: string[] = [];
    for (const { ended, ...incident } of unclosed) {
      if (!running.has(incidentWorkflowId(incident.incidentId))) {
        if (await installation.startIncident(incident)) started.push(incident.incidentId);
      } else if (ended) await engine.signalIncidentChanged(incident.incidentId);
    }
    return { unclosed: unclosed.length, started };
  };
}
