import { parseDuration } from '../../domain/duration.ts';
import { isUrgent } from '../../domain/exception/facts.ts';
import { type NoticeKind, togetherWith } from '../../domain/exception/notice.ts';
import { afterQuietHours } from '../../domain/exception/quiet-hours.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import type { ExceptionRow } from '../../infra/postgres/publish/exceptions.ts';
import { factsOf } from '../../infra/postgres/review/exception-facts.ts';
import { planNotice } from '../../infra/postgres/review/notices.ts';
import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import type { OperatingModel, Person } from '../../schemas/operating-model.ts';

type About = { model: OperatingModel; row: ExceptionRow };

/** One asking of an exception: mails of another one are about what is no more. */
const roundOf = ({ asked_at, deadline }: ExceptionRow): string => (asked_at ?? deadline)?.toISOString() ?? '';

/** What a mail of this kind is about: one healing, one asking or one ending of an exception. */
export function roundFor(kind: NoticeKind, row: ExceptionRow): string {
  if (kind === 'healing') return row.healing_since.toISOString();
  return kind === 'ended' ? String(row.version) : roundOf(row);
}

/** How long mails to one person that may go out together wait for each other. */
export const digestMs = ({ exceptions }: OperatingModel): number =>
  parseDuration(exceptions.digestWithin ?? DEFAULTS.digestWithin).ms;

/** When a person may be told: at once where the model calls it urgent, else after the window and the quiet hours. */
function dueMs({ model, row }: About, kind: NoticeKind, person: Person, nowMs: number): number {
  if (isUrgent(model.exceptions.incidents, factsOf(row))) return nowMs;
  const waitedMs = nowMs + (togetherWith(kind).length > 0 ? digestMs(model) : 0);
  return afterQuietHours(waitedMs, person.quietHours ?? model.exceptions.quietHours, person.timezone);
}

/** Plans that a person is told, once for each kind of notice and asking. Nobody is told who is not in the model. */
export async function plan(db: Db, about: About, kind: NoticeKind, personId: string, now: Date): Promise<void> {
  const { model, row } = about;
  const person = model.people.find((one) => one.id === personId);
  if (!person) return;
  const round = roundFor(kind, row);
  await planNotice(db, row, {
    noticeId: [row.exception_id, kind, round, person.id].join('/'),
    kind,
    round,
    person: person.id,
    email: person.email,
    plannedAt: now,
    dueAt: new Date(dueMs(about, kind, person, now.getTime())),
  });
}
