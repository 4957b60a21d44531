import { appendAudit } from '../postgres/audit.ts';
import { lapseDays } from '../postgres/capture/lapse.ts';
import { inTransaction, withSession } from '../postgres/session.ts';
import { type NormalizeOutcome, normalizeSource, type Sessions, type SourceDay } from './normalize-source.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type { NormalizeOutcome } from './normalize-source.ts';
export type NormalizeInput = SourceDay & { databaseUrl: string; auditKey: Uint8Array; attempt: number };

const NOTHING: NormalizeOutcome = { records: 0, posted: 0, reversed: 0, quarantined: 0, dates: [] };

async function normalizeInTransaction(sessions: Sessions, input: NormalizeInput): Promise<NormalizeOutcome> {
  const normalized = await normalizeSource(sessions, input);
  if (!normalized) return NOTHING;
  const { batches, ...outcome } = normalized;
  const { db } = sessions.writer;
  const { sourceId } = input.rule;
  await lapseDays(db, input.clientId, outcome.dates, `entries of ${sourceId} changed`);
  await appendAudit(db, Buffer.from(input.auditKey), {
    clientId: input.clientId,
    businessDate: input.businessDate,
    attempt: input.attempt,
    actor: 'meshline',
    action: 'day.normalized',
    subject: `${sourceId}@${input.transformVersion}`,
    detail: { ...outcome, batches: batches.map(String) },
  });
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
