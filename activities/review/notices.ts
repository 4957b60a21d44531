import { stableMessageId } from '../../infra/mail/message-id.ts';
import type { RenderedMail } from '../../infra/mail/report/view.ts';
import { sendMail } from '../../infra/mail/send.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import { noteNotice, wasTold } from '../../infra/postgres/review/steps.ts';
import type { Person } from '../../schemas/operating-model.ts';
import type { Deps } from '../deps.ts';

export type Notice = { kind: 'exception' | 'deadline'; noticeId: string; person: Person; mail: RenderedMail };

/**
 * Tells one person about an exception, at least once and under one Message-ID: a mail that was sent but not noted is
 * sent again under the same id, and shown once.
 */
export async function tell({ db, mail, secrets }: Deps, row: ExceptionRow, notice: Notice): Promise<void> {
  if (await wasTold(db, notice.noticeId)) return;
  const messageId = stableMessageId(notice.kind, [notice.noticeId]);
  await sendMail({
    transportUrl: mail.transportUrl,
    from: mail.from,
    to: [notice.person.email],
    ...notice.mail,
    messageId,
    headers: { 'X-Meshline-Exception': row.exception_id, 'X-Meshline-Client': row.client_id },
  });
  await db.transaction().execute(async (tx) => {
    await noteNotice(tx, {
      noticeId: notice.noticeId,
      clientId: row.client_id,
      exceptionId: row.exception_id,
      kind: notice.kind,
      recipients: [notice.person.email],
      messageId,
    });
    await appendAudit(tx, secrets.auditKey, {
      clientId: row.client_id,
      businessDate: row.business_date,
      actor: 'meshline',
      action: notice.kind === 'exception' ? 'exception.owner_told' : 'exception.escalated',
      subject: row.exception_id,
      detail: { person: notice.person.id, messageId },
    });
  });
}
