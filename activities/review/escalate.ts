import { governanceOf } from '../../domain/publish/governance.ts';
import { renderDeadlinePassed } from '../../infra/mail/report/render-exception.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { markOverdue } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { exceptionView, personOf } from './exception-view.ts';
import { findingOf, modelOf } from './load-review.ts';
import { tell } from './notices.ts';

/** The deadline has passed: the exception is overdue. Whom the rules name is told beside it. */
export function createEscalate({ db }: Deps) {
  return async function escalate(exceptionId: string): Promise<void> {
    await markOverdue(db, exceptionId);
  };
}

/** Tells whom the rules name that the deadline has passed, once for each deadline. Nothing where it is decided by now. */
export function createTellOverdue(deps: Deps) {
  return async function tellOverdue(exceptionId: string): Promise<void> {
    const { db } = deps;
    const row = (await loadException(db, exceptionId))!;
    if (row.state !== 'overdue' || !row.deadline) return;
    const model = await modelOf(db, row);
    const person = personOf(model, governanceOf(model, findingOf(row)).escalateTo);
    const view = await exceptionView(db, model, row, person, row.deadline);
    const mail = renderDeadlinePassed({ ...view, incident: null });
    await tell(deps, row, {
      kind: 'deadline',
      noticeId: `${exceptionId}/overdue/${row.deadline.toISOString()}`,
      person,
      mail,
    });
  };
}
