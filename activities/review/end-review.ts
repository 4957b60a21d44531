import { hasEnded } from '../../domain/exception/table.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { toldOf } from '../../infra/postgres/review/notices.ts';
import type { Deps } from '../deps.ts';
import { modelOf, type OwedNotice, owedOf } from './load-review.ts';
import { plan } from './plan-notice.ts';

/**
 * Plans the last mail of an exception that has ended, to everyone who was told of it, once for each ending; resolves
 * with what is owed. Somebody who left the model meanwhile is not written to.
 */
export function createEndReview({ db }: Deps) {
  return async function endReview(exceptionId: string): Promise<OwedNotice[]> {
    const row = (await loadException(db, exceptionId))!;
    if (!hasEnded(row.state)) return [];
    const model = await modelOf(db, row);
    await db.transaction().execute(async (tx) => {
      for (const email of await toldOf(tx, exceptionId)) {
        const person = model.people.find((one) => one.email === email);
        if (person) await plan(tx, { model, row }, 'ended', person.id, new Date());
      }
    });
    return owedOf(db, exceptionId);
  };
}
