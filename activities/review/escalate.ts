import { governanceOf } from '../../domain/publish/governance.ts';
import { renderDeadlinePassed } from '../../infra/mail/report/render-exception.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import { markOverdue } from '../../infra/postgres/review/steps.ts';
import type { Deps } from '../deps.ts';
import { exceptionView, personOf } from './exception-view.ts';
import { findingOf, modelOf } from './load-review.ts';
import { tell } from './notices.ts';

/** The deadline has passed: the exception is overdue, and whom the rules name is told once. */
export function createEscalate(deps: Deps) {
  return async function escalate(exceptionId: string): Promise<void> {
    const { db } = deps;
    await markOverdue(db, exceptionId);
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
