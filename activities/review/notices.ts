import { isQuestion, type NoticeKind, togetherWith } from '../../domain/exception/notice.ts';
import { hasEnded, stateAfter } from '../../domain/exception/table.ts';
import { stableMessageId } from '../../infra/mail/message-id.ts';
import { sendMail } from '../../infra/mail/send.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { loadException } from '../../infra/postgres/publish/exceptions.ts';
import {
  carryNotices,
  dropNotice,
  loadNotice,
  markSent,
  type NoticeRow,
  threadRoot,
} from '../../infra/postgres/review/notices.ts';
import type { Deps } from '../deps.ts';
import { type Governed, governed } from './chain.ts';
import { modelOf } from './load-review.ts';
import { digestMs, roundFor } from './plan-notice.ts';
import { renderNotices } from './render-notices.ts';
import { prepareWorkspace } from './suggest-fixes.ts';

/** A notice with the exception that it is about, as that is when the mail goes out. */
export type Told = Governed & { notice: NoticeRow };

const ACTIONS: Readonly<Record<NoticeKind, string>> = {
  healing: 'exception.healing_told',
  asked: 'exception.owner_told',
  handed_over: 'exception.owner_told',
  second: 'exception.second_told',
  deputy: 'exception.deputy_told',
  reminder: 'exception.reminded',
  overdue: 'exception.escalated',
  ended: 'exception.end_told',
};

/** Whether a person still needs to know: a question that is decided by now is none, nor is a healing that is over. */
function isWanted({ notice, row }: Told): boolean {
  if (notice.round !== roundFor(notice.kind, row)) return false;
  if (notice.kind === 'ended') return hasEnded(row.state);
  if (notice.kind === 'healing') return row.state === 'healing';
  if (notice.kind === 'overdue') return row.state === 'overdue';
  // Who has handed it over need not be asked any more.
  if (notice.person !== (row.responsible ?? row.owner)) return false;
  const waits = stateAfter(row.state, 'pass_deadline') !== undefined;
  return notice.kind === 'reminder' ? waits : waits || row.state === 'overdue';
}

async function about({ db }: Deps, notice: NoticeRow): Promise<Told> {
  const row = (await loadException(db, notice.exception_id))!;
  return { ...governed(await modelOf(db, row), row), notice };
}

async function stillWanted(deps: Deps, carried: readonly NoticeRow[]): Promise<Told[]> {
  const told: Told[] = [];
  for (const notice of carried) {
    const one = await about(deps, notice);
    if (isWanted(one)) told.push(one);
    else await dropNotice(deps.db, notice.notice_id);
  }
  return told;
}

/** A mail about one exception belongs to the thread of that exception; one about several begins a thread of its own. */
async function identify({ db }: Deps, told: readonly Told[]) {
  const [{ notice }] = told as [Told];
  const root = stableMessageId('exception', [notice.exception_id, notice.email]);
  if (told.length > 1) return { messageId: stableMessageId('digest', [told[0]!.notice.notice_id]) };
  const first = await threadRoot(db, notice.exception_id, notice.email);
  if (!first) return { messageId: root };
  const references = [...new Set([root, first])];
  return { messageId: stableMessageId('exception', [notice.notice_id]), thread: { inReplyTo: first, references } };
}

async function noteSent({ db, secrets }: Deps, { notice, row }: Told, messageId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await markSent(tx, notice.notice_id, messageId))) return;
    await appendAudit(tx, secrets.auditKey, {
      clientId: row.client_id,
      businessDate: row.business_date,
      actor: 'meshline',
      action: ACTIONS[notice.kind],
      subject: row.exception_id,
      detail: { person: notice.person, messageId },
    });
  });
}

const headersOf = (told: readonly Told[]) => ({
  'X-Meshline-Exception': told.map(({ row }) => row.exception_id).join(' '),
  'X-Meshline-Client': [...new Set(told.map(({ row }) => row.client_id))].join(' '),
});

/**
 * Sends one owed mail, at least once and under one Message-ID: a mail that was sent but not noted is sent again under
 * the same id, and shown once. What waited and may go out with it does.
 */
export async function send(deps: Deps, noticeId: string): Promise<void> {
  const first = await loadNotice(deps.db, noticeId);
  if (!first) return;
  const windowMs = togetherWith(first.kind).length > 0 ? digestMs((await about(deps, first)).model) : 0;
  const told = await stillWanted(deps, await carryNotices(deps.db, noticeId, windowMs));
  if (told.length === 0) return;
  for (const { notice, row } of told) if (isQuestion(notice.kind)) await prepareWorkspace(deps, row.exception_id);
  const { db, mail } = deps;
  const identity = await identify(deps, told);
  await sendMail({
    transportUrl: mail.transportUrl,
    from: mail.from,
    to: [told[0]!.notice.email],
    ...(await renderNotices(db, told)),
    ...identity,
    headers: headersOf(told),
  });
  for (const one of told) await noteSent(deps, one, identity.messageId);
}

/** Sends a mail that is owed to somebody, when its time has come. */
export function createSendNotice(deps: Deps) {
  return (noticeId: string): Promise<void> => send(deps, noticeId);
}
