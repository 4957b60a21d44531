import { forgottenRevisions } from '../../infra/postgres/revisions/lapsed.ts';
import type { CareDeps } from './deps.ts';

export type RepairedRevisions = { started: readonly string[] };

/** Starts the closing anew of lapsed days that nobody has looked at: whoever was to start it is gone. */
export function createRepairRevisions({ db, engine }: CareDeps) {
  return async function repairRevisions(): Promise<RepairedRevisions> {
    const started = await forgottenRevisions(db);
    for (const clientId of started) await engine.startRevisions(clientId);
    return { started };
  };
}
