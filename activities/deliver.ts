import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { businessDate as dayOf } from '../domain/business-day.ts';
import type { DayStatus } from '../domain/close.ts';
import { MailError } from '../infra/mail/mail-error.ts';
import { stableMessageId } from '../infra/mail/message-id.ts';
import { renderReport } from '../infra/mail/report/render-report.ts';
import type { RenderedMail } from '../infra/mail/report/view.ts';
import { sendMail } from '../infra/mail/send.ts';
import { handoffExceptionsFoundBy } from '../infra/postgres/handoff/exceptions.ts';
import {
  type DeliveryStatus,
  type KeptDelivery,
  keepDeliveries,
  latestDeliveries,
  type NewDelivery,
  retryFailed,
} from '../infra/postgres/report/deliveries.ts';
import { destinationsDue, owedNumbers, type ShownNumber } from '../infra/postgres/report/told.ts';
import type { EmailDestination, OperatingModel } from '../schemas/operating-model.ts';
import { checkReportPayload } from '../schemas/report-payload.ts';
import type { DayKey } from './capture.ts';
import type { Deps } from './deps.ts';
import { exportDay } from './export/export-day.ts';
import { recordDelivery, refuseReport, settleDelivered, settleUnsent } from './handoff/destinations.ts';
import { type OpenedException, openedOf } from './publish-findings.ts';
import { type ReportMaterial, readMaterial } from './report/material.ts';
import { owedRevisions } from './report/owed.ts';
import { payloadOf } from './report/payload.ts';
import { recipientsOf } from './report/recipients.ts';
import { shownNumbers } from './report/version.ts';
import { reportView } from './report/view.ts';

/** About a quarter of an hour of tries; then the delivery is marked failed and the day goes on. */
const LAST_TRY = 12;

function firstStatus({ mode, release }: EmailDestination, recipients: readonly string[]): DeliveryStatus {
  if (mode === 'shadow' || recipients.length === 0) return 'stored';
  return release === 'after_review' ? 'draft' : 'pending';
}

type Report = { id: string; version: string; mail: RenderedMail; shows: readonly ShownNumber[] };

function deliveryOf(model: OperatingModel, day: DayKey, report: Report, destination: EmailDestination): NewDelivery {
  const { timezone, cutOff } = model.client;
  const recipients = recipientsOf(model, destination, dayOf(new Date(), timezone, cutOff));
  return {
    kind: 'report',
    shows: report.shows,
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

/** Sends what is pending to every destination, so that one that is away keeps no other waiting; then fails for a later try. */
async function sendPending(
  deps: Deps,
  day: DayKey,
  model: OperatingModel,
  kept: readonly KeptDelivery[],
): Promise<number> {
  let sent = 0;
  let unsent: MailError | undefined;
  for (const delivery of kept.filter((one) => one.status === 'pending')) {
    const outcome = await send(deps, day, delivery);
    if (outcome instanceof MailError) unsent = outcome;
    else await recordDelivery(deps, day, model, delivery, outcome);
    if (outcome === 'sent') sent += 1;
  }
  if (unsent) throw unsent;
  return sent;
}

/** Keeps reports as they go out; what an earlier attempt gave up is taken up again. */
async function keep(deps: Deps, day: DayKey, deliveries: readonly NewDelivery[]): Promise<void> {
  await retryFailed(
    deps.db,
    day,
    deliveries.map((one) => one.messageId),
  );
  await keepDeliveries(deps.db, day, deliveries);
}

/** The report for each destination that has something new to read in it, with the revisions that it is owed. */
async function reportsDue(
  { db }: Deps,
  day: DayKey,
  status: DayStatus,
  material: ReportMaterial,
): Promise<NewDelivery[]> {
  const { model } = material;
  const mailed = model.report.destinations.filter((one) => one.kind === 'email');
  const shown = shownNumbers(material);
  const due = await destinationsDue(
    db,
    day,
    mailed.map((one) => one.id),
    shown,
  );
  const owed = due.size === 0 ? [] : await owedNumbers(db, day.clientId);
  const view = reportView(material, status);
  return mailed
    .filter((one) => due.has(one.id))
    .map((one) => {
      const told = owedRevisions(model, day.businessDate, one.id, owed);
      const mail = renderReport({ ...view, revisions: told.line === null ? [] : [told.line] });
      const report = { id: view.reportId, version: view.version, mail, shows: [...shown, ...told.numbers] };
      return deliveryOf(model, day, report, one);
    });
}

/** How many mails went out, and the exceptions of those hand-offs that were not made; absent in runs recorded before there were any. */
export type DeliveredReport = { sent: number; exceptions?: readonly OpenedException[] };

async function bring(deps: Deps, day: DayKey, status: DayStatus, material: ReportMaterial): Promise<number> {
  const { model } = material;
  const { version, payload } = payloadOf(material, status);
  const problems = checkReportPayload(payload);
  if (problems.length > 0) {
    await refuseReport(deps, day, model, { version, payload, problems });
    return 0;
  }
  await keep(deps, day, await reportsDue(deps, day, status, material));
  const destinations = model.report.destinations.map((one) => one.id);
  const kept = await latestDeliveries(deps.db, day, model.report.id, destinations);
  await settleDelivered(deps, day, model, kept);
  return sendPending(deps, day, model, kept);
}

/**
 * Holds the day's report against its contract, renders it and brings it to each destination that has something new to
 * read in it. What was only revised is told by the next report, or by a correction. Nothing published, nothing sent; what breaks the contract is refused before anything is rendered.
 */
export function createDeliver(deps: Deps) {
  return async function deliverReport(day: DayKey, status: DayStatus): Promise<DeliveredReport> {
    const material = await readMaterial(deps.db, day);
    const unwritten = await exportDay(deps, day, material.model);
    const isEmpty = !material.numbers.some((one) => material.model.report.metrics.includes(one.metric));
    if (isEmpty) await settleUnsent(deps, day);
    const sent = isEmpty ? 0 : await bring(deps, day, status, material);
    // The mails are out: what may be written later keeps none of them waiting.
    if (unwritten) throw unwritten;
    const exceptions = await handoffExceptionsFoundBy(deps.db, day);
    return { sent, ...(exceptions.length > 0 && { exceptions: exceptions.map(openedOf) }) };
  };
}
