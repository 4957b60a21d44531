import { ApplicationFailure } from '@temporalio/activity';
import type { IncidentNews } from '../../domain/incident/news.ts';
import { renderIncident } from '../../infra/mail/incident/render.ts';
import { renderOutside } from '../../infra/mail/incident/render-outside.ts';
import { MailError } from '../../infra/mail/mail-error.ts';
import { type MailThread, stableMessageId } from '../../infra/mail/message-id.ts';
import type { RenderedMail } from '../../infra/mail/report/view.ts';
import { sendMail } from '../../infra/mail/send.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { noteEvent } from '../../infra/postgres/incident/events.ts';
import { firstMail, isKept, keepNotice, type NewNotice } from '../../infra/postgres/incident/notices.ts';
import { type IncidentRow, loadIncident } from '../../infra/postgres/incident/rows.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';
import { keepDraft } from './draft.ts';
import { outsideView } from './outside-view.ts';
import { isUrgentIncident, mayReachMs } from './quiet-hours.ts';
import { modelsOf, type Reader, readersOf } from './readers.ts';
import { stepKey } from './record.ts';
import { type SharedView, sharedView } from './view.ts';

/** The turn of an incident that news are of: what comes after it makes them stale. */
function turnOf({ severity, alerts, owner }: IncidentRow, news: IncidentNews): string {
  const turns: Record<IncidentNews, string> = {
    opened: severity,
    alert: `${severity}/${alerts}`,
    acknowledged: owner,
    resolved: '',
  };
  return turns[news];
}

/** Names one telling: what was told, of which turn of the incident, to whom. */
const noticeIdOf = (row: IncidentRow, news: IncidentNews, { email }: Reader): string =>
  ['incident', row.incident_id, news, turnOf(row, news), email].filter(Boolean).join('/');

type Telling = { row: IncidentRow; news: IncidentNews; model: OperatingModel; view: SharedView; isUrgent: boolean };

/** Each reader has the mails of an incident as one conversation. */
async function threadOf({ db }: Deps, { row }: Telling, { email }: Reader, messageId: string): Promise<MailThread[]> {
  const first = await firstMail(db, row.incident_id, email, messageId);
  return first === undefined ? [] : [{ inReplyTo: first, references: [first] }];
}

async function keep(deps: Deps, { row, news, model }: Telling, reader: Reader, noticeId: string, mail: RenderedMail) {
  const messageId = stableMessageId('incident', [noticeId]);
  await deps.db.transaction().execute(async (tx) => {
    const notice: NewNotice = {
      noticeId,
      incidentId: row.incident_id,
      clientId: row.client_id,
      event: news,
      recipient: reader.email,
      status: reader.isDraft ? 'draft' : 'sent',
      messageId,
      ...mail,
    };
    if (!(await keepNotice(tx, notice))) return;
    if (reader.isDraft) await keepDraft(tx, deps, model, row, notice);
    await appendAudit(tx, deps.secrets.auditKey, {
      clientId: row.client_id,
      ...(row.business_date && { businessDate: row.business_date }),
      actor: 'meshline',
      action: reader.isDraft ? 'incident.drafted' : 'incident.told',
      subject: row.incident_id,
      detail: { event: news, recipient: reader.email, messageId },
    });
  });
}

/**
 * Tells one reader, at least once and under one Message-ID. What would go outside the team is kept as a draft and not
 * sent: such texts are a person's to release. Resolves with when the reader may be told, where that is not now.
 */
async function tellReader(deps: Deps, telling: Telling, reader: Reader): Promise<number | null> {
  const { row, news, isUrgent } = telling;
  const noticeId = noticeIdOf(row, news, reader);
  if (await isKept(deps.db, noticeId)) return null;
  const nowMs = Date.now();
  const dueMs = isUrgent ? nowMs : mayReachMs(reader, nowMs);
  if (dueMs > nowMs) return dueMs;
  await send(deps, telling, reader, noticeId);
  return null;
}

/** A reader outside the team gets a mail of its own: of that client's day, and nothing of how the team works. */
async function mailFor({ db }: Deps, { row, news, model, view }: Telling, reader: Reader): Promise<RenderedMail> {
  const { business_date } = row;
  if (!reader.isDraft || business_date === null) return renderIncident({ ...view, news, recipient: reader });
  return renderOutside({ ...(await outsideView(db, { ...row, business_date }, model)), news, recipient: reader });
}

async function send(deps: Deps, telling: Telling, reader: Reader, noticeId: string): Promise<void> {
  const { row } = telling;
  const messageId = stableMessageId('incident', [noticeId]);
  const [thread] = await threadOf(deps, telling, reader, messageId);
  const mail = await mailFor(deps, telling, reader);
  if (!reader.isDraft)
    await sendMail({
      transportUrl: deps.mail.transportUrl,
      from: deps.mail.from,
      to: [reader.email],
      ...mail,
      messageId,
      ...(thread && { thread }),
      headers: { 'X-Meshline-Incident': row.incident_id },
    });
  await keep(deps, telling, reader, noticeId, mail);
}

/** An address that no server will ever take is seen in the timeline; nobody waits for it. */
async function noteUndelivered(
  { db }: Deps,
  { row, news }: Telling,
  { email }: Reader,
  error: MailError,
): Promise<void> {
  await noteEvent(db, row, {
    key: stepKey(row.incident_id, 'note', `${news}/${email}`),
    step: 'note',
    actor: 'meshline',
    event: `${email} could not be told: ${error.message}`,
  });
}

/** News that a later turn of the incident has made stale is not sent any more. */
const isNews = (row: IncidentRow, news: IncidentNews, turn: string | undefined): boolean => {
  const { state } = row;
  if (turn !== undefined && turn !== turnOf(row, news)) return false;
  if (news === 'resolved') return state === 'resolved' || state === 'closed';
  return news === 'acknowledged' ? state === 'acknowledged' : state === 'open';
};

/**
 * Mails news of an incident to its owner and to whom the rules name. A reader whose mail fails keeps no other waiting;
 * what may go out later makes it fail for a later try. Resolves with the next instant at which somebody's quiet hours
 * end who is still to be told, or null.
 * @param turn of the incident, as its workflow saw it; runs that began before name none
 */
export function createTellIncident(deps: Deps) {
  return async function tellIncident(incidentId: string, news: IncidentNews, turn?: string): Promise<number | null> {
    const row = (await loadIncident(deps.db, incidentId))!;
    if (!isNews(row, news, turn)) return null;
    const models = await modelsOf(deps.db, row);
    const [model] = models;
    const isUrgent = await isUrgentIncident(deps.db, row, models);
    const telling: Telling = { row, news, model: model!, view: await sharedView(deps.db, row, model!), isUrgent };
    const waitingMs: number[] = [];
    let later: MailError | undefined;
    for (const reader of await readersOf(deps.db, row, news))
      await tellReader(deps, telling, reader).then(
        (dueMs) => void (dueMs !== null && waitingMs.push(dueMs)),
        async (error: unknown) => {
          if (!(error instanceof MailError)) throw error;
          if (error.kind === 'transient') later ??= error;
          else await noteUndelivered(deps, telling, reader, error);
        },
      );
    if (later) throw ApplicationFailure.retryable(later.message, 'MailUnavailable');
    return waitingMs.length === 0 ? null : Math.min(...waitingMs);
  };
}
