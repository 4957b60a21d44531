import { readInputs, settledInputs, unnormalizedBatches } from '../infra/postgres/close/inputs.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

/** Whether a settled day's inputs differ from what it was settled on, or are still to be normalized. */
export function createHasNews({ db }: Deps) {
  return async function hasNews({ clientId, businessDate }: DayKey): Promise<boolean> {
    if (await unnormalizedBatches(db, clientId, businessDate)) return true;
    const { hash } = await readInputs(db, clientId, businessDate);
    return hash !== (await settledInputs(db, clientId, businessDate));
  };
}
