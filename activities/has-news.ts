import { readInputs, settledInputs, unnormalizedBatches } from '../infra/postgres/close/inputs.ts';
import { owesHandoff } from '../infra/postgres/handoff/exceptions.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

/**
 * Whether a settled day's inputs differ from what it was settled on, or are still to be normalized; or its report has
 * not reached a destination, so that there is something to deliver.
 */
export function createHasNews({ db }: Deps) {
  return async function hasNews({ clientId, businessDate }: DayKey): Promise<boolean> {
    if (await owesHandoff(db, clientId, businessDate)) return true;
    if (await unnormalizedBatches(db, clientId, businessDate)) return true;
    const { hash } = await readInputs(db, clientId, businessDate);
    return hash !== (await settledInputs(db, clientId, businessDate));
  };
}
