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

/** Asks the owner to decide, with everything that is known, and starts the clock. One mail for each opening of the exception. */
export function createAskOwner(deps: Deps) {
  return async function askOwner(exceptionId: string): Promise<void> {
    const { db } = deps;
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
    const row = (await loadException(db, exceptionId))!;
    if (row.state !== 'awaiting_decision' || !row.deadline) return;
    const mail = renderExceptionOpened(await exceptionView(db, model, row, person, row.deadline));
    const noticeId = `${exceptionId}/asked/${row.deadline.toISOString()}`;
    await tell(deps, row, { kind: 'exception', noticeId, person, mail });
  };
}
