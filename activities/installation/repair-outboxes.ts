import { outboxWorkflowId } from '../../domain/ids.ts';
import { filledOutboxes, type Outbox } from '../../infra/postgres/delivery/outbox.ts';
import type { CareDeps } from './deps.ts';

export type RepairedOutboxes = { filled: number; woken: readonly string[] };

/**
 * Starts the workflow of every outbox in which something waits and that has none: whoever filled it could not reach
 * Temporal, or its run failed. The list of running ones may lag behind, which costs a signal in vain.
 */
export function createRepairOutboxes({ db, engine, installation }: CareDeps) {
  return async function repairOutboxes(): Promise<RepairedOutboxes> {
    const running = await installation.runningOutboxes();
    const filled = await filledOutboxes(db);
    const idOf = ({ clientId, destinationId }: Outbox) => outboxWorkflowId(clientId, destinationId);
    const lost = filled.filter((one) => !running.has(idOf(one)));
    for (const outbox of lost) await engine.wakeOutbox(outbox);
    return { filled: filled.length, woken: lost.map(idOf) };
  };
}
