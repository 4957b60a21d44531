import { governanceOf } from '../../domain/publish/governance.ts';
import { deadlineAfter } from '../../domain/working-time.ts';
import { renderExceptionOpened } from '../../infra/mail/report/render-exception.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { openExceptions } from '../../infra/postgres/publish/open-exceptions.ts';
import { setDayStatus } from '../../infra/postgres/review/decisions.ts';
import { askForDecision } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { exceptionView, personOf } from './exception-view.ts';
import { findingOf, modelOf } from './load-review.ts';
import { tell } from './notices.ts';

/** Asks the owner to decide and starts the clock. The mail that says so goes out beside it, however long that takes. */
export function createAskOwner({ db }: Deps) {
  return async function askOwner(exceptionId: string): Promise<void> {
    const found = (await loadException(db, exceptionId))!;
    const model = await modelOf(db, found);
    const { owner, decideWithin } = governanceOf(model, findingOf(found));
    const person = personOf(model, owner);
    await db.transaction().execute(async (tx) => {
      await lockDay(tx, found.client_id, found.business_date);
      if (!(await askForDecision(tx, exceptionId, deadlineAfter(new Date(), decideWithin, person, model.hours))))
        return;
      const open = await openExceptions(tx, found.client_id, found.business_date);
      if (!open.some((one) => one.healing)) await setDayStatus(tx, found, 'waiting');
    });
  };
}

/** Tells the owner everything that is known, once for each opening of the exception. Nothing where nobody is asked any more. */
export function createTellOwner(deps: Deps) {
  return async function tellOwner(exceptionId: string): Promise<void> {
    const { db } = deps;
    const row = (await loadException(db, exceptionId))!;
    if (row.state !== 'awaiting_decision' || !row.deadline) return;
    const model = await modelOf(db, row);
    const person = personOf(model, governanceOf(model, findingOf(row)).owner);
    const mail = renderExceptionOpened(await exceptionView(db, model, row, person, row.deadline));
    const noticeId = `${exceptionId}/asked/${row.deadline.toISOString()}`;
    await tell(deps, row, { kind: 'exception', noticeId, person, mail });
  };
}
