import type { HandoffRow } from '../../../infra/postgres/handoff/rows.ts';
import type { CloseDocument } from '../../../schemas/api/closes.ts';
import type { HandoffList } from '../../../schemas/api/handoffs.ts';
import { instantText } from './amounts.ts';

/** A report or a file is late by when it came; a person by when the answer did. */
function isLate({ deadline, delivered_at, acknowledged_at }: HandoffRow): boolean {
  const at = delivered_at ?? acknowledged_at;
  return deadline !== null && at !== null && at > deadline;
}

/** A hand-off as a day shows it. */
export const handoffSummaryOf = (row: HandoffRow): CloseDocument['handoffs'][number] => ({
  id: row.handoff_id,
  kind: row.kind,
  subject: row.subject,
  sender: row.sender,
  receiver: row.receiver,
  state: row.state,
  late: isLate(row),
  deadline: instantText(row.deadline),
  deliveredAt: instantText(row.delivered_at),
  acknowledgedAt: instantText(row.acknowledged_at),
  exception: row.exception_id,
});

/** A hand-off with all that is kept of it but its payload. */
export const listedHandoff = (row: HandoffRow): HandoffList['handoffs'][number] => ({
  ...handoffSummaryOf(row),
  client: row.client_id,
  businessDate: row.business_date,
  contract: row.contract,
  openedAt: row.opened_at.toISOString(),
  acknowledgedBy: row.acknowledged_by,
  batch: row.batch_id === null ? null : String(row.batch_id),
  records: row.records,
  quarantined: row.quarantined,
  version: row.payload_version,
  errors: row.errors.map(({ path, found, expected }) => ({ path, found, expected })),
});
