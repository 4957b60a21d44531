import { stateAfter } from '../../domain/exception/table.ts';
import { type ExceptionRow, loadException } from '../../infra/postgres/publish/exceptions.ts';
import { noticeExists, owedNotices } from '../../infra/postgres/review/notices.ts';
import type { Deps } from '../deps.ts';
import { modelOf } from './load-review.ts';
import { send } from './notices.ts';
import { plan } from './plan-notice.ts';

/** A question that was asked before mails were planned has none: it is planned now, unless it was sent then. */
async function planAsked({ db }: Deps, row: ExceptionRow): Promise<void> {
  const { exception_id: id, deadline, asked_at } = row;
  if (!deadline || asked_at || stateAfter(row.state, 'pass_deadline') === undefined) return;
  if (await noticeExists(db, `${id}/asked/${deadline.toISOString()}`)) return;
  await plan(db, { model: await modelOf(db, row), row }, 'asked', row.responsible ?? row.owner, new Date());
}

/** Sends all that is owed about an exception, as reviews ask for it that began before each mail had a time of its own. */
const createTellOwed =
  (deps: Deps) =>
  async (exceptionId: string): Promise<void> => {
    const row = (await loadException(deps.db, exceptionId))!;
    await planAsked(deps, row);
    for (const { notice_id } of await owedNotices(deps.db, exceptionId)) await send(deps, notice_id);
  };

export const createTellOwner = createTellOwed;
export const createTellOverdue = createTellOwed;
