import { causeOf } from '../infra/postgres/close/attempt.ts';
import { keepsNumbers, readInputs, settledInputs, unnormalizedBatches } from '../infra/postgres/close/inputs.ts';
import { owesHandoff } from '../infra/postgres/handoff/exceptions.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

/**
 * Whether a settled day's inputs differ from what it was settled on, or are still to be normalized; or its report has
 * not reached a destination, so that there is something to deliver. Who revises a day takes back what was kept on it.
 */
export function createHasNews({ db }: Deps) {
  return async function hasNews(key: DayKey): Promise<boolean> {
    const { clientId, businessDate } = key;
    if (await owesHandoff(db, clientId, businessDate)) return true;
    if ((await causeOf(db, key)) === 'revise' && (await keepsNumbers(db, clientId, businessDate))) return true;
    if (await unnormalizedBatches(db, clientId, businessDate)) return true;
    const { hash } = await readInputs(db, clientId, businessDate);
    return hash !== (await settledInputs(db, clientId, businessDate));
  };
}
