import { ApplicationFailure, activityInfo } from '@temporalio/activity';
import { businessDate as dayOf } from '../domain/business-day.ts';
import type { DayStatus } from '../domain/close.ts';
import { isUnderWay, takesMessages } from '../domain/delivery.ts';
import { renderReport } from '../infra/mail/report/render-report.ts';
import type { ReportView } from '../infra/mail/report/view.ts';
import { handoffExceptionsFoundBy, restingHandoffs } from '../infra/postgres/handoff/exceptions.ts';
import { handoffId } from '../infra/postgres/handoff/rows.ts';
import {
  type KeptDelivery,
  keepDeliveries,
  latestDeliveries,
  type NewDelivery,
  retryFailed,
} from '../infra/postgres/report/deliveries.ts';
import { destinationsDue, type OwedNumber, type ShownNumber } from '../infra/postgres/report/told.ts';
import type { MessageDestination, OperatingModel } from '../schemas/operating-model.ts';
import { checkReportPayload } from '../schemas/report-payload.ts';
import type { DayKey } from './capture.ts';
import { deliveryTo, type Message } from './delivery/compose.ts';
import { wakeOutboxes } from './delivery/outbox.ts';
import { noteUncertain, recordDelivery } from './delivery/record.ts';
import { sendOnce } from './delivery/send.ts';
import type { Deps } from './deps.ts';
import { exportDay } from './export/export-day.ts';
import { refuseReport, settleAccepted, settleDelivered } from './handoff/destinations.ts';
import { destinationSubject } from './handoff/open.ts';
import { restsAt } from './handoff/undelivered.ts';
import { type OpenedException, openedOf } from './publish-findings.ts';
import { type ReportMaterial, readMaterial } from './report/material.ts';
import { owedRevisions, owedTo, placeOf, readOwed, revisionData } from './report/owed.ts';
import { payloadOf } from './report/payload.ts';
import { allNumbers, shownNumbers } from './report/version.ts';
import { reportView } from './report/view.ts';
import { owesCorrection } from './revisions/corrections.ts';

/** About a quarter of an hour of tries; then the delivery is marked failed and the day goes on. */
const LAST_TRY = 12;

/**
 * Sends what nobody else sends, to every destination, so that one that is away keeps no other waiting; then fails for a
 * later try.
 */
async function sendPending(
  deps: Deps,
  day: DayKey,
  model: OperatingModel,
  kept: readonly KeptDelivery[],
): Promise<number> {
  const isLast = activityInfo().attempt >= LAST_TRY;
  let sent = 0;
  let unsent: string | undefined;
  for (const delivery of kept.filter((one) => isUnderWay(one.status) && one.queued_at === null)) {
    const outcome = await sendOnce(deps, delivery, isLast);
    if (outcome.status === 'later') unsent = outcome.why;
    else await recordDelivery(deps, day, model, delivery, outcome);
    if (outcome.status === 'sent') sent += 1;
  }
  // Not a defect: it is tried until the activity itself gives up.
  if (unsent !== undefined) throw ApplicationFailure.retryable(unsent, 'MailUnavailable');
  return sent;
}

/** Hand-offs to systems whose failure somebody has accepted: what failed there is not taken up again. */
async function acceptedRequests(deps: Deps, day: DayKey, model: OperatingModel): Promise<Set<string>> {
  const hooks = model.report.destinations.filter((one) => one.kind === 'webhook');
  const ids = new Map(hooks.map((one) => [handoffId(day, 'destination', destinationSubject(model, one)), one.id]));
  const accepted = await settleAccepted(deps, day, [...ids.keys()]);
  return new Set(accepted.map((id) => ids.get(id)!));
}

type Report = { view: ReportView; payload: unknown };

/**
 * What a report shows to readers who are owed corrections. One that goes out again for something else shows a number as
 * it is now and does not say that it has changed: that is still owed.
 */
function shownTo(shown: readonly ShownNumber[], owed: readonly OwedNumber[]): ShownNumber[] {
  const corrected = new Set(owed.filter(owesCorrection).map(placeOf));
  return shown.map((one) => ({ ...one, in_passing: corrected.has(placeOf(one)) }));
}

/** The report for each destination that it is due to, with the revisions that its readers are owed. */
async function reportsDue(
  deps: Deps,
  day: DayKey,
  material: ReportMaterial,
  { view, payload }: Report,
): Promise<NewDelivery[]> {
  const { model } = material;
  const destinations = model.report.destinations.filter(takesMessages);
  const shown = { email: shownNumbers(material), webhook: allNumbers(material) };
  const idsOf = (kind: keyof typeof shown) => destinations.filter((one) => one.kind === kind).map((one) => one.id);
  const due = new Set([
    ...(await destinationsDue(deps.db, day, idsOf('email'), shown.email)),
    ...(await destinationsDue(deps.db, day, idsOf('webhook'), shown.webhook)),
  ]);
  const owed = due.size === 0 ? [] : await readOwed(deps.db, model);
  const today = dayOf(new Date(), model.client.timezone, model.client.cutOff);
  const messageTo = (to: MessageDestination): Message => {
    const mine = owedTo(model, to, today, owed);
    const { line, numbers } = owedRevisions(model, day.businessDate, mine);
    const revisions = line === null ? [] : [line];
    return {
      kind: 'report',
      event: 'report.published',
      version: view.version,
      mail: (pageUrl) => renderReport({ ...view, revisions, pageUrl }),
      data: { report: payload, revisions: revisionData(model, numbers) },
      shows: [...shownTo(shown[to.kind], mine), ...numbers],
    };
  };
  return destinations.filter((one) => due.has(one.id)).map((one) => deliveryTo(deps, model, day, messageTo(one), one));
}

/**
 * Keeps the report for every destination as it goes out; what an earlier attempt gave up is taken up again, unless
 * somebody lets it rest.
 */
async function keep(deps: Deps, day: DayKey, model: OperatingModel, deliveries: readonly NewDelivery[]): Promise<void> {
  const accepted = await acceptedRequests(deps, day, model);
  const resting = await restingHandoffs(deps.db, day);
  const rests = ({ destinationId: id, reportVersion }: NewDelivery) =>
    resting.some((one) => one.subject === destinationSubject(model, { id }) && restsAt(one.input_hash, reportVersion));
  const owed = deliveries.filter((one) => !accepted.has(one.destinationId) && !rests(one));
  await deps.db.transaction().execute(async (tx) => {
    await retryFailed(
      tx,
      day,
      owed.map((one) => one.messageId),
    );
    await keepDeliveries(tx, day, deliveries);
  });
}

/**
 * How many mails went out, and the exceptions of those hand-offs that were not made; absent in runs recorded before
 * there were any.
 */
export type DeliveredReport = { sent: number; exceptions?: readonly OpenedException[] };

async function bring(deps: Deps, day: DayKey, status: DayStatus, material: ReportMaterial): Promise<number> {
  const { model } = material;
  const { version, payload } = payloadOf(material, status);
  const problems = checkReportPayload(payload);
  if (problems.length > 0) {
    await refuseReport(deps, day, model, { version, payload, problems });
    return 0;
  }
  await keep(deps, day, model, await reportsDue(deps, day, material, { view: reportView(material, status), payload }));
  const destinations = model.report.destinations.map((one) => one.id);
  const kept = await latestDeliveries(deps.db, day, model.report.id, destinations);
  await settleDelivered(deps, day, model, kept);
  const uncertain = kept.filter((one) => one.status === 'uncertain' && one.queued_at === null);
  await noteUncertain(deps, day, model, uncertain);
  await wakeOutboxes(deps, kept);
  return sendPending(deps, day, model, kept);
}

/**
 * Holds the day's report against its contract, renders it and brings it to each destination that had none, or that
 * waits for a number which was withheld. What was only revised is told by the next report, or by a correction. Nothing
 * published, nothing sent; what breaks the contract is refused before anything is rendered.
 */
export function createDeliver(deps: Deps) {
  return async function deliverReport(day: DayKey, status: DayStatus): Promise<DeliveredReport> {
    const material = await readMaterial(deps.db, day);
    const unwritten = await exportDay(deps, day, material.model);
    const isEmpty = !material.numbers.some((one) => material.model.report.metrics.includes(one.metric));
    if (isEmpty) await settleAccepted(deps, day);
    const sent = isEmpty ? 0 : await bring(deps, day, status, material);
    // The mails are out: what may be written later keeps none of them waiting.
    if (unwritten) throw unwritten;
    const exceptions = await handoffExceptionsFoundBy(deps.db, day);
    return { sent, ...(exceptions.length > 0 && { exceptions: exceptions.map(openedOf) }) };
  };
}
