import { createHash, hash } from 'node:crypto';
import { compileIdentity, type Identity, type IdentityRule, type Place, placeKey } from '../../domain/identity.ts';
import {
  type BatchCounts,
  completeBatch,
  insertBatch,
  latestBatch,
  lockSource,
  type NewBatch,
  type Slot,
} from '../postgres/capture/batch.ts';
import { settleContested } from '../postgres/capture/contested.ts';
import { applySnapshot, createBefore, createIncoming, numberOccurrences } from '../postgres/capture/snapshot.ts';
import { copyInto, copyText } from '../postgres/copy.ts';
import type { Session } from '../postgres/session.ts';
import { sampleAfterLoad } from '../postgres/statistics.ts';
import { SourceFailure } from '../sources/failure.ts';
import { contentDigest } from '../sources/file/open.ts';
import { type FileFormat, readRecords } from '../sources/file/read.ts';
import type { FileRecord } from '../sources/file/records.ts';

/** One file as the full snapshot of a slot. */
export type Snapshot = Slot & {
  path: string;
  fileName: string;
  format: FileFormat;
  identity: IdentityRule;
  zones: Place['zones'];
  cutOff?: string;
  maximumFileBytes: number;
};
export type CapturedSnapshot = BatchCounts & {
  batchId: bigint;
  unchanged: boolean;
  contentHash: Buffer;
  bytes: number;
};

const COLUMNS =
  'client_id, source_id, batch_id, line, key_hash, business_key, content_hash, record_version, event_time, business_date, defect, payload, payload_bytes';
/** A feed that makes up a new field name for every record must not fill the memory. */
const MOST_FIELDS = 2_000;

/** Names a key of one client's source among all keys of the installation. */
const keyHash = (scope: string, key: string): string => hash('sha256', `${scope}\n${key}`, 'hex').slice(0, 32);

function compileIdentify(input: Snapshot): (record: FileRecord) => Identity {
  const identify = compileIdentity(input.identity, input);
  return ({ row, line }) =>
    row
      ? identify(row, line)
      : { key: placeKey(input.slot, line), epochMs: null, businessDate: input.slotDate, version: null };
}

/** Turns a file's records into COPY lines, and gathers the field names seen on the way. */
function lineMaker(input: Snapshot, batchId: bigint, fields: Set<string>): (record: FileRecord) => string {
  const identityOf = compileIdentify(input);
  const scope = `${input.clientId}/${input.sourceId}`;
  const prefix = `${copyText(input.clientId)}\t${copyText(input.sourceId)}\t${batchId}`;
  return (record) => {
    if (record.row) for (const name in record.row) if (!fields.has(name) && fields.size < MOST_FIELDS) fields.add(name);
    const id = identityOf(record);
    const contentHash = record.wholeHash ?? hash('sha256', record.bytes, 'hex');
    const eventTime = id.epochMs === null ? '\\N' : new Date(id.epochMs).toISOString();
    const bytes = record.text === null ? `\\\\x${record.bytes.toString('hex')}` : '\\N';
    return `${prefix}\t${record.line}\t${keyHash(scope, id.key)}\t${copyText(id.key)}\t\\\\x${contentHash}\t${copyText(id.version)}\t${eventTime}\t${id.businessDate}\t${copyText(record.defect)}\t${copyText(record.text)}\t${bytes}`;
  };
}

type Loaded = { counts: BatchCounts; fields: string[]; contentHash: Buffer };

/** Streams the file into a table; its content is digested on the way, so that what was loaded is what was named. */
async function loadInto(
  session: Session,
  input: Snapshot,
  batchId: bigint,
  table: 'raw_event' | 'incoming',
): Promise<{ records: number; fields: string[]; contentHash: Buffer }> {
  const fields = new Set<string>();
  const toLine = lineMaker(input, batchId, fields);
  const digest = createHash('sha256');
  async function* lines(): AsyncGenerator<string[]> {
    for await (const chunk of readRecords(input.path, input.format, (bytes) => digest.update(bytes))) {
      for (const name of chunk.columns ?? []) if (name !== '') fields.add(name);
      yield chunk.records.map(toLine);
    }
  }
  const records = await copyInto(session.client, `${table} (${COLUMNS})`, lines());
  return { records, fields: [...fields], contentHash: digest.digest() };
}

async function loadFirst(session: Session, input: Snapshot, batchId: bigint): Promise<Loaded> {
  const { records, ...loaded } = await loadInto(session, input, batchId, 'raw_event');
  await sampleAfterLoad(session.db, 'raw_event', records);
  const repeated = await numberOccurrences(session.db, 'raw_event', batchId);
  return { ...loaded, counts: { records, newRecords: records - repeated, changedRecords: 0, goneRecords: 0 } };
}

async function loadChanged(session: Session, input: Snapshot, batchId: bigint): Promise<Loaded> {
  await createIncoming(session.db);
  const { records, ...loaded } = await loadInto(session, input, batchId, 'incoming');
  await createBefore(session.db, input, batchId);
  await numberOccurrences(session.db, 'incoming', batchId);
  const counts = await applySnapshot(session.db, input, batchId);
  await sampleAfterLoad(session.db, 'raw_event', records);
  return { ...loaded, counts };
}

async function storeBatch(session: Session, input: Snapshot, batch: NewBatch): Promise<CapturedSnapshot> {
  const batchId = await insertBatch(session.db, batch);
  const load = batch.sequence === 1 ? loadFirst : loadChanged;
  const { counts, fields, contentHash } = await load(session, input, batchId);
  if (!contentHash.equals(batch.contentHash))
    throw new SourceFailure('changed_while_reading', `${input.path}: changed while it was read. It is read again.`);
  const { overlaps } = await settleContested(session.db, input, batchId);
  await completeBatch(session.db, batchId, { ...counts, fields, overlaps });
  return { ...counts, batchId, unchanged: false, contentHash, bytes: batch.bytes };
}

const NO_CHANGE = { unchanged: true, newRecords: 0, changedRecords: 0, goneRecords: 0 };

/**
 * Makes a file the snapshot of its slot, within the session's transaction; the same content again changes nothing.
 * Throws SourceFailure where the file cannot be used.
 */
export async function captureSnapshot(session: Session, input: Snapshot): Promise<CapturedSnapshot> {
  await lockSource(session.db, input);
  const { hash: contentHash, bytes } = await contentDigest(input.path, input.maximumFileBytes);
  const latest = await latestBatch(session.db, input);
  if (latest?.content_hash.equals(contentHash))
    return { ...NO_CHANGE, batchId: latest.batch_id, records: latest.records, contentHash, bytes };
  return storeBatch(session, input, { ...input, sequence: (latest?.sequence ?? 0) + 1, contentHash, bytes });
}
