import type { WrittenFile } from '../../infra/export/write-file.ts';
import { appendAudit } from '../../infra/postgres/audit.ts';
import { lockDay } from '../../infra/postgres/close/attempt.ts';
import { endHandoffException } from '../../infra/postgres/handoff/exceptions.ts';
import { deliverHandoff, handoffId, moveHandoffs } from '../../infra/postgres/handoff/rows.ts';
import type { ExportDestination, OperatingModel } from '../../schemas/operating-model.ts';
import type { DayKey } from '../capture.ts';
import type { Deps } from '../deps.ts';
import { destinationSubject } from '../handoff/open.ts';
import { noteUndelivered, undeliveredId } from '../handoff/undelivered.ts';

type RecordDeps = Pick<Deps, 'db' | 'secrets'>;

/** The file is there: its hand-off is delivered, and acknowledged by what stands in it. The exception of it is over. */
export async function recordExport(
  { db, secrets }: RecordDeps,
  day: DayKey,
  model: OperatingModel,
  destination: ExportDestination,
  { path, sha256, bytes }: WrittenFile & { path: string },
): Promise<void> {
  const subject = destinationSubject(model, destination);
  await db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    const id = handoffId(day, 'destination', subject);
    await deliverHandoff(tx, id, new Date(), { version: sha256.slice(0, 12) });
    await moveHandoffs(tx, 'acknowledge', [id], { acknowledgedBy: `sha256:${sha256}` });
    await endHandoffException(tx, undeliveredId(day, subject), day.attempt, 'delivered');
    await appendAudit(tx, secrets.auditKey, {
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      actor: 'meshline',
      action: 'export.written',
      subject: destination.id,
      detail: { path, sha256, bytes },
    });
  });
}

/** The file could not be written: its hand-off is missed, and its exception asks a person. */
export async function recordUnwritten(
  { db, secrets }: RecordDeps,
  day: DayKey,
  model: OperatingModel,
  destination: ExportDestination,
  reason: string,
): Promise<void> {
  const subject = destinationSubject(model, destination);
  const message = `The export ${destination.id} could not be written: ${reason}`;
  await db.transaction().execute(async (tx) => {
    await lockDay(tx, day.clientId, day.businessDate);
    await noteUndelivered(tx, day, model, { subject, event: 'miss', version: null, message });
    await appendAudit(tx, secrets.auditKey, {
      clientId: day.clientId,
      businessDate: day.businessDate,
      attempt: day.attempt,
      actor: 'meshline',
      action: 'export.not_written',
      subject: destination.id,
      detail: { reason },
    });
  });
}
