import { outboxWorkflowId } from '../../domain/ids.ts';
import { filledOutboxes, type Outbox } from '../../infra/postgres/delivery/outbox.ts';
import { clientsOwing } from '../../infra/postgres/events/owed.ts';
import { handOnEvents } from '../events/hand-on.ts';
import type { CareDeps } from './deps.ts';

export type RepairedOutboxes = { filled: number; woken: readonly string[] };

/** What a night has to tell is handed on when it is done; after this long nothing will, so that it is told as it is. */
const LONGEST_NIGHT = '2 hours';

/**
 * Tells what nobody has handed on: a month was closed, say, by the API. Starts the workflow of every outbox in which
 * something waits and that has none: whoever filled it could not reach Temporal, or its run failed. The list of running
 * ones may lag behind, which costs a signal in vain.
 */
export function createRepairOutboxes(deps: CareDeps) {
  const { db, engine, installation } = deps;
  return async function repairOutboxes(): Promise<RepairedOutboxes> {
    for (const clientId of await clientsOwing(db, LONGEST_NIGHT)) await handOnEvents(deps, clientId, 'all');
    const running = await installation.runningOutboxes();
    const filled = await filledOutboxes(db);
    const idOf = ({ clientId, destinationId }: Outbox) => outboxWorkflowId(clientId, destinationId);
    const lost = filled.filter((one) => !running.has(idOf(one)));
    for (const outbox of lost) await engine.wakeOutbox(outbox);
    return { filled: filled.length, woken: lost.map(idOf) };
  };
}
