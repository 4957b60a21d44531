import { loadDay } from '../../infra/postgres/close/attempt.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import type { NewNotice } from '../../infra/postgres/incident/notices.ts';
import type { IncidentRow } from '../../infra/postgres/incident/rows.ts';
import { keepDeliveries } from '../../infra/postgres/report/deliveries.ts';
import type { EmailDestination, OperatingModel } from '../../schemas/operating-model.ts';
import { deliveryTo, type Message } from '../delivery/compose.ts';
import type { Deps } from '../deps.ts';
import { recipientsOf } from '../report/recipients.ts';
import { todayOf } from './context.ts';

/** The destination through which an address outside the team is reached; there may be none any more. */
function destinationOf(model: OperatingModel, address: string): EmailDestination | undefined {
  const mailed = model.report.destinations.filter((one) => one.kind === 'email');
  return mailed.find((one) => one.mode !== 'shadow' && recipientsOf(model, one, todayOf(model)).includes(address));
}

/**
 * Keeps what would leave the team among the deliveries, as a draft that a person releases there. Runs in the
 * transaction that keeps the notice, and before its audit row.
 */
export async function keepDraft(
  tx: Tx,
  deps: Deps,
  model: OperatingModel,
  { client_id: clientId, business_date }: IncidentRow,
  notice: NewNotice,
): Promise<void> {
  const to = destinationOf(model, notice.recipient);
  if (to === undefined || business_date === null) return;
  const { subject, html, text, messageId, noticeId } = notice;
  const message: Message = {
    kind: 'event',
    event: `incident.${notice.event}`,
    version: noticeId,
    incidentId: notice.incidentId,
    mail: () => ({ subject, html, text }),
    data: {},
    shows: [],
  };
  const attempt = (await loadDay(tx, clientId, business_date))?.attempt ?? 0;
  const delivery = deliveryTo(deps, model, { clientId, businessDate: business_date }, message, to);
  const draft = {
    ...delivery,
    recipients: [notice.recipient],
    messageId,
    release: 'after_review',
    status: 'draft',
  } as const;
  await keepDeliveries(tx, { clientId, businessDate: business_date, attempt }, [draft]);
}
