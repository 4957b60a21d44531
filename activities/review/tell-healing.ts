import { rerunTermsOf } from '../../domain/publish/governance.ts';
import { isHealing, loadException } from '../../infra/postgres/publish/exceptions.ts';
import type { Deps } from '../deps.ts';
import { chainOf, governed, ladderAt } from './chain.ts';
import { modelOf, type OwedNotice, owedOf } from './load-review.ts';
import { plan } from './plan-notice.ts';

/**
 * Plans the mail that says that the system tries by itself, to whoever would be asked, once for each time that it
 * begins to; none where the rules tell people only after. Resolves with what is owed.
 */
export function createTellHealing({ db }: Deps) {
  return async function tellHealing(exceptionId: string): Promise<OwedNotice[]> {
    const row = (await loadException(db, exceptionId))!;
    const one = governed(await modelOf(db, row), row);
    if (isHealing(row) && rerunTermsOf(one.rules.rerun).tell === 'first') {
      const now = new Date();
      await plan(db, one, 'healing', ladderAt(one, chainOf(one), now.getTime()).responsible, now);
    }
    return owedOf(db, exceptionId);
  };
}
