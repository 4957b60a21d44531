import { outdatedDays } from '../../infra/postgres/revisions/lapsed.ts';
import type { Deps } from '../deps.ts';
import { readOwed } from '../report/owed.ts';
import { owesCorrection } from './corrections.ts';
import { currentModel } from './current-model.ts';

type StartDeps = Pick<Deps, 'db' | 'engine'>;

/** Whether something published is to be looked at anew, or somebody told of what has changed. */
async function isOwed({ db }: StartDeps, clientId: string): Promise<boolean> {
  if ((await outdatedDays(db, clientId)).length > 0) return true;
  const model = await currentModel(db, clientId);
  return model !== undefined && (await readOwed(db, model)).some(owesCorrection);
}

/** Starts the closing anew of what has lapsed, where an attempt of a single day leaves any. */
export async function startRevisionsIfOwed(deps: StartDeps, clientId: string): Promise<void> {
  if (await isOwed(deps, clientId)) await deps.engine.startRevisions(clientId);
}

/** Starts the revisions that come after a night, or after a range of days. */
export function createStartRevisions({ engine }: StartDeps) {
  return (clientId: string): Promise<void> => engine.startRevisions(clientId);
}
