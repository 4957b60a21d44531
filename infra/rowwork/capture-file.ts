import { appendAudit } from '../postgres/audit.ts';
import type { BatchCounts } from '../postgres/capture/batch.ts';
import { lapseAfterCapture } from '../postgres/capture/lapse.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { captureSnapshot, type Snapshot } from './capture-snapshot.ts';
import type { NormalizeJob } from './normalize-batches.ts';
import { PostAhead } from './post-ahead.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type CaptureFileInput = Snapshot & {
  databaseUrl: string;
  auditKey: Uint8Array;
  attempt: number | null;
  actor: string;
  /** What the records mean, where their entries are to be posted ahead. */
  meaning?: Pick<NormalizeJob, 'customerKey' | 'rule' | 'transformVersion'>;
};
export type CaptureOutcome = BatchCounts & { batchId: string; unchanged: boolean };

async function captureInTransaction(
  session: Session,
  input: CaptureFileInput,
  ahead: PostAhead | undefined,
): Promise<CaptureOutcome> {
  const { contentHash, bytes, unchanged, batchId, ...counts } = await captureSnapshot(session, input, ahead);
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

function aheadOf({ meaning, attempt, format, ...input }: CaptureFileInput): PostAhead | undefined {
  if (!meaning || attempt === null) return undefined;
  const { databaseUrl, auditKey, clientId, slotDate: businessDate } = input;
  const job = { databaseUrl, auditKey, clientId, businessDate, attempt, ...meaning };
  return new PostAhead({ ...job, format: format.format, delimiter: format.delimiter });
}

/**
 * Captures one file as the full snapshot of its slot, in one transaction. The entries of a first capture are posted
 * ahead, in another. Runs in a row-work thread.
 */
export default function captureFile(input: CaptureFileInput): Promise<RowWorkResult<CaptureOutcome>> {
  return sourceFailureAsResult(() =>
    withSession(input.databaseUrl, async (session) => {
      const ahead = aheadOf(input);
      try {
        const outcome = await inTransaction(session, () => captureInTransaction(session, input, ahead));
        await ahead?.commit();
        return outcome;
      } finally {
        await ahead?.close();
      }
    }),
  );
}
