import { appendAudit } from '../postgres/audit.ts';
import { lapseDays } from '../postgres/capture/lapse.ts';
import type { Db } from '../postgres/connect.ts';
import { inTransaction, withSession } from '../postgres/session.ts';
import {
  type NormalizedSource,
  type NormalizeOutcome,
  normalizeSource,
  type Sessions,
  type SourceDay,
} from './normalize-source.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type { NormalizeOutcome } from './normalize-source.ts';
/** What is to be normalized, and for which attempt. */
export type NormalizeJob = SourceDay & { databaseUrl: string; auditKey: Uint8Array; attempt: number };
export type NormalizeInput = NormalizeJob;

const NOTHING: NormalizeOutcome = { records: 0, posted: 0, reversed: 0, quarantined: 0, dates: [] };

/** Ends the standing of the days' certificates and writes the audit row, the last statement of its transaction. */
export async function recordNormalized(db: Db, job: NormalizeJob, { batches, ...outcome }: NormalizedSource) {
  const { sourceId } = job.rule;
  await lapseDays(db, job.clientId, outcome.dates, `entries of ${sourceId} changed`);
  await appendAudit(db, Buffer.from(job.auditKey), {
    clientId: job.clientId,
    businessDate: job.businessDate,
    attempt: job.attempt,
    actor: 'meshline',
    action: 'day.normalized',
    subject: `${sourceId}@${job.transformVersion}`,
    detail: { ...outcome, batches: batches.map(String) },
  });
}

async function normalizeInTransaction(sessions: Sessions, input: NormalizeInput): Promise<NormalizeOutcome> {
  const normalized = await normalizeSource(sessions, input);
  if (!normalized) return NOTHING;
  await recordNormalized(sessions.writer.db, input, normalized);
  const { batches: _, ...outcome } = normalized;
  return outcome;
}

/** Brings the ledger of one source and day to what its records mean now. Runs in a row-work thread. */
export default function normalizeBatches(input: NormalizeInput): Promise<RowWorkResult<NormalizeOutcome>> {
  return sourceFailureAsResult(() =>
    withSession(input.databaseUrl, (reader) =>
      withSession(input.databaseUrl, (writer) =>
        inTransaction(writer, () => normalizeInTransaction({ reader, writer }, input)),
      ),
    ),
  );
}
