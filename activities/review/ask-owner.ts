import { lockDay } from '../../infra/postgres/close/attempt.ts';
import { followChain } from '../../infra/postgres/handoff/people.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { openExceptions } from '../../infra/postgres/publish/open-exceptions.ts';
import { lockException, setDayStatus } from '../../infra/postgres/review/decisions.ts';
import type { Deps } from '../deps.ts';
import { ask, governed } from './chain.ts';
import { modelOf } from './load-review.ts';

/**
 * Asks whoever is responsible to decide, and starts the clock; nothing where somebody is asked already. The mail that
 * says so goes out beside it, however long that takes.
 */
export function createAskOwner({ db }: Deps) {
  return async function askOwner(exceptionId: string): Promise<void> {
    const found = (await loadException(db, exceptionId))!;
    const model = await modelOf(db, found);
    await db.transaction().execute(async (tx) => {
      await lockDay(tx, found.client_id, found.business_date);
      const row = await lockException(tx, exceptionId);
      if (row.state !== 'healing' && row.deadline !== null) return;
      await ask(tx, governed(model, row), new Date());
      await followChain(tx, exceptionId);
      if (row.kind === 'handoff') return;
      const open = await openExceptions(tx, found.client_id, found.business_date);
      if (!open.some((one) => one.healing)) await setDayStatus(tx, found, 'waiting');
    });
  };
}
