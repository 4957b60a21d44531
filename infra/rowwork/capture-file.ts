import { appendAudit } from '../postgres/audit.ts';
import type { BatchCounts } from '../postgres/capture/batch.ts';
import { lapseAfterCapture } from '../postgres/capture/lapse.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { captureSnapshot, type Snapshot } from './capture-snapshot.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type CaptureFileInput = Snapshot & {
  databaseUrl: string;
  auditKey: Uint8Array;
  attempt: number | null;
  actor: string;
};
export type CaptureOutcome = BatchCounts & { batchId: string; unchanged: boolean };

async function captureInTransaction(session: Session, input: CaptureFileInput): Promise<CaptureOutcome> {
  const { contentHash, bytes, unchanged, batchId, ...counts } = await captureSnapshot(session, input);
  const outcome = { ...counts, unchanged, batchId: String(batchId) };
  if (unchanged) return outcome;
  await lapseAfterCapture(session.db, input, batchId);
  await appendAudit(session.db, Buffer.from(input.auditKey), {
    clientId: input.clientId,
    businessDate: input.slotDate,
    attempt: input.attempt ?? undefined,
    actor: input.actor,
    action: 'source.captured',
    subject: `${input.sourceId}/${input.slot}`,
    detail: { batchId: outcome.batchId, file: input.fileName, sha256: contentHash.toString('hex'), bytes, ...counts },
  });
  return outcome;
}

/** Captures one file as the full snapshot of its slot, in one transaction. Runs in a row-work thread. */
export default function captureFile(input: CaptureFileInput): Promise<RowWorkResult<CaptureOutcome>> {
  return sourceFailureAsResult(() =>
    withSession(input.databaseUrl, (session) => inTransaction(session, () => captureInTransaction(session, input))),
  );
}
