import { isUnreleased } from '../../../domain/delivery.ts';
import type { PageLinks } from '../../../infra/delivery-page/links.ts';
import type { Tx } from '../../../infra/postgres/connect.ts';
import { type DeliveryTry, type ListedDelivery, triesOf } from '../../../infra/postgres/read/deliveries.ts';
import type { DeliveryDocument, DeliveryList } from '../../../schemas/api/deliveries.ts';
import { instantText } from './amounts.ts';

/** A delivery as a list shows it. */
export const listedDelivery = (row: ListedDelivery): DeliveryList['deliveries'][number] => ({
  id: String(row.delivery_id),
  client: row.client_id,
  businessDate: row.business_date,
  kind: row.kind,
  channel: row.channel,
  report: row.report_id,
  destination: row.destination_id,
  version: row.report_version,
  mode: row.mode,
  release: row.release,
  guarantee: row.guarantee,
  state: row.status,
  recipients: [...row.recipients],
  subject: row.subject,
  createdAt: row.created_at.toISOString(),
  queuedSince: instantText(row.queued_at),
  sentAt: instantText(row.sent_at),
  releasedBy: row.released_by,
  releasedAt: instantText(row.released_at),
  supersededBy: row.superseded_by === null ? null : String(row.superseded_by),
  tries: row.tries,
  error: row.last_error,
  corrects: [...row.corrects],
});

const tryOf = (one: DeliveryTry): DeliveryDocument['log'][number] => ({
  try: one.try,
  startedAt: one.started_at.toISOString(),
  endedAt: instantText(one.ended_at),
  outcome: one.outcome,
  answered: one.answered,
  error: one.error,
});

/** A delivery whole, as its receiver gets it. What nobody has released has no page. */
export async function deliveryDocumentOf(
  tx: Tx,
  row: ListedDelivery,
  pages: Pick<PageLinks, 'linkTo'>,
): Promise<DeliveryDocument> {
  const isMail = row.channel === 'email';
  return {
    ...listedDelivery(row),
    key: row.message_id,
    event: row.event,
    text: isMail ? row.body_text : null,
    html: isMail ? row.html : null,
    body: isMail ? null : row.body_text,
    page: isUnreleased(row.status) ? null : pages.linkTo(row.message_id, Date.now()),
    log: (await triesOf(tx, row.delivery_id)).map(tryOf),
  };
}
