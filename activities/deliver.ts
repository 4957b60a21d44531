import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { businessDate as dayOf } from '../domain/business-day.ts';
import type { DayStatus } from '../domain/close.ts';
import { MailError } from '../infra/mail/mail-error.ts';
import { stableMessageId } from '../infra/mail/message-id.ts';
import { renderReport } from '../infra/mail/report/render-report.ts';
import type { RenderedMail } from '../infra/mail/report/view.ts';
import { sendMail } from '../infra/mail/send.ts';
import { appendAudit } from '../infra/postgres/audit.ts';
import {
  type DeliveryStatus,
  type KeptDelivery,
  keepDeliveries,
  markDelivery,
  type NewDelivery,
} from '../infra/postgres/report/deliveries.ts';
import type { EmailDestination, OperatingModel } from '../schemas/operating-model.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { readMaterial } from './report/material.ts';
import { recipientsOf } from './report/recipients.ts';
import { reportView } from './report/view.ts';

/** About a quarter of an hour of tries; then the delivery is marked failed and the day goes on. */
const LAST_TRY = 12;

function firstStatus({ mode, release }: EmailDestination, recipients: readonly string[]): DeliveryStatus {
  if (mode === 'shadow' || recipients.length === 0) return 'stored';
  return release === 'after_review' ? 'draft' : 'pending';
}

type Report = { id: string; version: string; mail: RenderedMail };

function deliveryOf(model: OperatingModel, day: DayKey, report: Report, destination: EmailDestination): NewDelivery {
  const { timezone, cutOff } = model.client;
  const recipients = recipientsOf(model, destination, dayOf(new Date(), timezone, cutOff));
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

/** Sends a mail as it was kept by the first try. Answers a failure that may heal, for a later try under the same Message-ID. */
async function send({ mail }: Deps, day: DayKey, delivery: KeptDelivery): Promise<'sent' | 'failed' | MailError> {
  try {
    await sendMail({
      transportUrl: mail.transportUrl,
      from: mail.from,
      to: delivery.recipients,
      subject: delivery.subject,
      html: delivery.html,
      text: delivery.body_text,
      messageId: delivery.message_id,
      headers: { 'X-Meshline-Client': day.clientId, 'X-Meshline-Date': day.businessDate },
      signal: cancellationSignal(),
    });
    return 'sent';
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return error.kind === 'transient' && activityInfo().attempt < LAST_TRY ? error : 'failed';
  }
}

async function record(
  { db, secrets }: Deps,
  day: DayKey,
  delivery: KeptDelivery,
  status: 'sent' | 'failed',
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await markDelivery(tx, delivery.delivery_id, status);
    await appendAudit(tx, secrets.auditKey, {
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      actor: 'meshline',
      action: status === 'sent' ? 'report.sent' : 'report.not_sent',
      subject: delivery.destination_id,
      detail: {
        reportVersion: delivery.report_version,
        recipients: delivery.recipients,
        messageId: delivery.message_id,
      },
    });
  });
}

/** Sends what is pending to every destination, so that one that is away keeps no other waiting; then fails for a later try. */
async function sendPending(deps: Deps, day: DayKey, kept: readonly KeptDelivery[]): Promise<number> {
  let sent = 0;
  let unsent: MailError | undefined;
  for (const delivery of kept.filter((one) => one.status === 'pending')) {
    const outcome = await send(deps, day, delivery);
    if (outcome instanceof MailError) unsent = outcome;
    else await record(deps, day, delivery, outcome);
    if (outcome === 'sent') sent += 1;
  }
  if (unsent) throw unsent;
  return sent;
}

/** Renders the day's report and brings it to each destination, once for each report version. Nothing published, nothing sent. */
export function createDeliver(deps: Deps) {
  return async function deliverReport(day: DayKey, status: DayStatus): Promise<{ sent: number }> {
    const material = await readMaterial(deps.db, day);
    const { model } = material;
    if (!material.numbers.some((one) => model.report.metrics.includes(one.metric))) return { sent: 0 };
    const view = reportView(material, status);
    const report: Report = { id: view.reportId, version: view.version, mail: renderReport(view) };
    const deliveries = model.report.destinations
      .filter((one) => one.kind === 'email')
      .map((one) => deliveryOf(model, day, report, one));
    return { sent: await sendPending(deps, day, await keepDeliveries(deps.db, day, deliveries)) };
  };
}
