import { loadDay, markStage } from '../infra/postgres/close/attempt.ts';
import { carryOver } from '../infra/postgres/close/carry-over.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';

/**
 * Lets an attempt begin at reconcile on what the last one captured, checked and computed. Answers false where there is
 * nothing to stand on, or where the operating model has changed since: then the attempt captures.
 */
export function createCarryOver({ db }: Deps) {
  return async function carryOverDay(day: DayKey): Promise<boolean> {
    const before = await loadDay(db, day.clientId, day.businessDate);
    if (!before?.settled_attempt || before.model_version !== day.modelVersion) return false;
    const from = before.settled_attempt;
    await markStage(db, day, 'reconcile');
    await db.transaction().execute((tx) => carryOver(tx, day, from));
    return true;
  };
}
