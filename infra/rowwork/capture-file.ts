import { hash } from 'node:crypto';
import { compileIdentity, type IdentityRule, placeKey } from '../../domain/identity.ts';
import { appendAudit } from '../postgres/audit.ts';
import {
  type BatchCounts,
  completeBatch,
  insertBatch,
  latestBatch,
  lockSource,
  type Slot,
} from '../postgres/capture/batch.ts';
import { settleContested } from '../postgres/capture/contested.ts';
import { lapseAfterCapture } from '../postgres/capture/lapse.ts';
import { applySnapshot, createBefore, createIncoming, numberOccurrences } from '../postgres/capture/snapshot.ts';
import { copyInto, copyText } from '../postgres/copy.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { SourceFailure } from '../sources/failure.ts';
import { contentDigest } from '../sources/file/open.ts';
import { type FileFormat, readRecords } from '../sources/file/read.ts';
import type { FileRecord } from '../sources/file/records.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type CaptureFileInput = Slot & {
  databaseUrl: string;
  auditKey: Uint8Array;
  attempt: number | null;
  actor: string;
  path: string;
  fileName: string;
  format: FileFormat;
  identity: IdentityRule;
  zone: string;
  cutOff?: string;
  maximumFileBytes: number;
};
export type CaptureOutcome = BatchCounts & { batchId: string; unchanged: boolean };

const COLUMNS =
  'client_id, source_id, batch_id, line, key_hash, business_key, content_hash, record_version, event_time, business_date, defect, payload, payload_bytes';

/** Turns a file's records into COPY lines, and gathers the field names seen on the way. */
function lineMaker(input: CaptureFileInput, batchId: bigint, fields: Set<string>): (record: FileRecord) => string {
  const place = { slot: input.slot, slotDate: input.slotDate, zone: input.zone, cutOff: input.cutOff };
  const identify = compileIdentity(input.identity, place);
  const prefix = `${copyText(input.clientId)}\t${copyText(input.sourceId)}\t${batchId}`;
  return (record) => {
    if (record.row) for (const name in record.row) if (!fields.has(name)) fields.add(name);
    const id = record.row
      ? identify(record.row, record.line)
      : { key: placeKey(input.slot, record.line), epochMs: null, businessDate: input.slotDate, version: null };
    const keyHash = hash('sha256', id.key, 'hex').slice(0, 32);
    const contentHash = hash('sha256', record.bytes, 'hex');
    const eventTime = id.epochMs === null ? '\\N' : new Date(id.epochMs).toISOString();
    const bytes = record.text === null ? `\\\\x${record.bytes.toString('hex')}` : '\\N';
    return `${prefix}\t${record.line}\t${keyHash}\t${copyText(id.key)}\t\\\\x${contentHash}\t${copyText(id.version)}\t${eventTime}\t${id.businessDate}\t${copyText(record.defect)}\t${copyText(record.text)}\t${bytes}`;
  };
}

async function* copyLines(
  input: CaptureFileInput,
  toLine: (record: FileRecord) => string,
  fields: Set<string>,
): AsyncGenerator<string[]> {
  for await (const chunk of readRecords(input.path, input.format)) {
    for (const name of chunk.columns ?? []) fields.add(name);
    yield chunk.records.map(toLine);
  }
}

async function load(
  session: Session,
  input: CaptureFileInput,
  batchId: bigint,
  first: boolean,
): Promise<{ counts: BatchCounts; fields: string[] }> {
  const fields = new Set<string>();
  const lines = copyLines(input, lineMaker(input, batchId, fields), fields);
  if (first) {
    const records = await copyInto(session.client, `raw_event (${COLUMNS})`, lines);
    await numberOccurrences(session.db, 'raw_event', batchId);
    return { counts: { records, newRecords: records, changedRecords: 0, goneRecords: 0 }, fields: [...fields] };
  }
  await createIncoming(session.db);
  await copyInto(session.client, `incoming (${COLUMNS})`, lines);
  await numberOccurrences(session.db, 'incoming', batchId);
  await createBefore(session.db, input, batchId);
  return { counts: await applySnapshot(session.db, input, batchId), fields: [...fields] };
}

async function assertUnchanged(input: CaptureFileInput, contentHash: Buffer): Promise<void> {
  const after = await contentDigest(input.path, input.maximumFileBytes);
  if (!after.hash.equals(contentHash))
    throw new SourceFailure('changed_while_reading', `${input.path}: changed while it was read. It is read again.`);
}

async function captureInTransaction(session: Session, input: CaptureFileInput): Promise<CaptureOutcome> {
  await lockSource(session.db, input);
  const digest = await contentDigest(input.path, input.maximumFileBytes);
  const latest = await latestBatch(session.db, input);
  if (latest?.content_hash.equals(digest.hash))
    return {
      batchId: String(latest.batch_id),
      unchanged: true,
      records: latest.records,
      newRecords: 0,
      changedRecords: 0,
      goneRecords: 0,
    };
  const sequence = (latest?.sequence ?? 0) + 1;
  const batchId = await insertBatch(session.db, { ...input, sequence, contentHash: digest.hash, bytes: digest.bytes });
  const { counts, fields } = await load(session, input, batchId, !latest);
  await assertUnchanged(input, digest.hash);
  const { overlaps } = await settleContested(session.db, input, batchId);
  await completeBatch(session.db, batchId, { ...counts, fields, overlaps });
  await lapseAfterCapture(session.db, input, batchId);
  await appendAudit(session.db, Buffer.from(input.auditKey), {
    clientId: input.clientId,
    businessDate: input.slotDate,
    attempt: input.attempt ?? undefined,
    actor: input.actor,
    action: 'source.captured',
    subject: `${input.sourceId}/${input.slot}`,
    detail: {
      batchId: String(batchId),
      file: input.fileName,
      sha256: digest.hash.toString('hex'),
      bytes: digest.bytes,
      ...counts,
    },
  });
  return { batchId: String(batchId), unchanged: false, ...counts };
}

/** Captures one file as the full snapshot of its slot, in one transaction. Runs in a row-work thread. */
export default function captureFile(input: CaptureFileInput): Promise<RowWorkResult<CaptureOutcome>> {
  return sourceFailureAsResult(() =>
    withSession(input.databaseUrl, (session) => inTransaction(session, () => captureInTransaction(session, input))),
  );
}
