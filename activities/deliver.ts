import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { DayStatus } from '../domain/close.ts';
import { MailError } from '../infra/mail/mail-error.ts';
import { stableMessageId } from '../infra/mail/message-id.ts';
import { renderReport } from '../infra/mail/report/render-report.ts';
import type { RenderedMail } from '../infra/mail/report/view.ts';
import { sendMail } from '../infra/mail/send.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import {
  type DeliveryStatus,
  keepDelivery,
  markDelivery,
  type NewDelivery,
} from '../infra/postgres/report/deliveries.ts';
import type { Destination, OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { readMaterial } from './report/material.ts';
import { reportView } from './report/view.ts';

/** About a quarter of an hour of tries; then the delivery is marked failed and the day goes on. */
const LAST_TRY = 12;

/** Addresses of a destination: people by id, anyone else by address unless the destination is internal. */
function recipientsOf(model: OperatingModel, { to, mode }: Destination): string[] {
  return to.flatMap((one) => {
    const person = model.people.find((known) => known.id === one);
    if (person) return [person.email];
    return mode === 'internal' ? [] : [one];
  });
}

function firstStatus({ mode, release }: Destination, recipients: readonly string[]): DeliveryStatus {
  if (mode === 'shadow' || recipients.length === 0) return 'stored';
  return release === 'after_review' ? 'draft' : 'pending';
}

type Report = { id: string; version: string; mail: RenderedMail };

function deliveryOf(model: OperatingModel, day: DayKey, report: Report, destination: Destination): NewDelivery {
  const recipients = recipientsOf(model, destination);
  return {
    reportId: report.id,
    destinationId: destination.id,
    reportVersion: report.version,
    mode: destination.mode,
    release: destination.release,
    recipients,
    messageId: stableMessageId('report', [day.clientId, day.businessDate, report.id, report.version, destination.id]),
    ...report.mail,
    status: firstStatus(destination, recipients),
  };
}

/** Sends what is pending. A failure that may heal is thrown for a later try, under the same Message-ID. */
async function send({ mail }: Deps, day: DayKey, delivery: NewDelivery): Promise<'sent' | 'failed'> {
  try {
    await sendMail({
      transportUrl: mail.transportUrl,
      from: mail.from,
      to: delivery.recipients,
      subject: delivery.subject,
      html: delivery.html,
      text: delivery.text,
      messageId: delivery.messageId,
      headers: { 'X-Meshline-Client': day.clientId, 'X-Meshline-Date': day.businessDate },
      signal: cancellationSignal(),
    });
    return 'sent';
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    if (error.kind === 'transient' && activityInfo().attempt < LAST_TRY) throw error;
    return 'failed';
  }
}

async function record(
  { db, secrets }: Deps,
  day: DayKey,
  delivery: NewDelivery,
  id: bigint,
  status: 'sent' | 'failed',
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await markDelivery(tx, id, status);
    await appendAudit(tx, secrets.auditKey, {
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      actor: 'meshline',
      action: status === 'sent' ? 'report.sent' : 'report.not_sent',
      subject: delivery.destinationId,
      detail: { reportVersion: delivery.reportVersion, recipients: delivery.recipients, messageId: delivery.messageId },
    });
  });
}

/** Renders the day's report and brings it to each destination, once for each report version. Nothing published, nothing sent. */
export function createDeliver(deps: Deps) {
  return async function deliverReport(day: DayKey, status: DayStatus): Promise<{ sent: number }> {
    const material = await readMaterial(deps.db, day);
    const { model } = material;
    if (!material.numbers.some((one) => model.report.metrics.includes(one.metric))) return { sent: 0 };
    const view = reportView(material, status);
    const report: Report = { id: view.reportId, version: view.version, mail: renderReport(view) };
    let sent = 0;
    for (const destination of model.report.destinations) {
      const delivery = deliveryOf(model, day, report, destination);
      const row = await keepDelivery(deps.db, day, delivery);
      if (row.status !== 'pending') continue;
      const outcome = await send(deps, day, delivery);
      await record(deps, day, delivery, row.delivery_id, outcome);
      if (outcome === 'sent') sent += 1;
    }
    return { sent };
  };
}
