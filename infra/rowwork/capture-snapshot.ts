import { createHash, hash } from 'node:crypto';
import type { Row } from '../../domain/fields.ts';
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
import { inactiveOf, settleContested } from '../postgres/capture/contested.ts';
import { MOST_RECORDS, rawEventId } from '../postgres/capture/raw-event-id.ts';
import { applySnapshot, createBefore, createIncoming, numberOccurrences } from '../postgres/capture/snapshot.ts';
import { copyInto, copyText } from '../postgres/copy.ts';
import type { Session } from '../postgres/session.ts';
import { sampleAfterLoad } from '../postgres/statistics.ts';
import { SourceFailure } from '../sources/failure.ts';
import { contentDigest } from '../sources/file/open.ts';
import { type FileFormat, readRecords } from '../sources/file/read.ts';
import type { FileRecord } from '../sources/file/records.ts';
import type { RecordPlace } from './entry-lines.ts';

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
  'raw_event_id, client_id, source_id, batch_id, line, key_hash, business_key, content_hash, record_version, event_time, business_date, defect, payload, payload_bytes';
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

/** A record as it is stored: its COPY line, its place, and what it says or why it cannot be read. */
export type PlacedRecord = { line: string; place: RecordPlace; record: Row | string };
/** Who else wants the records of a first capture, as they are read. */
export type Follower = {
  begin(batchId: bigint): Promise<void>;
  add(records: readonly PlacedRecord[]): Promise<void>;
  /** All are read; of these only those stand that are not named. */
  settle(withdrawn: readonly bigint[]): Promise<void>;
  /** Records of other batches have a say: nothing that was followed may be used. */
  abandon(): Promise<void>;
};

/** Places a file's records in their batch, and gathers the field names seen on the way. */
function placer(input: Snapshot, batchId: bigint, fields: Set<string>): (record: FileRecord) => PlacedRecord {
  const identityOf = compileIdentify(input);
  const scope = `${input.clientId}/${input.sourceId}`;
  const source = `${copyText(input.clientId)}\t${copyText(input.sourceId)}\t${batchId}`;
  let next = 0;
  return (record) => {
    if (record.row) for (const name in record.row) if (!fields.has(name) && fields.size < MOST_FIELDS) fields.add(name);
    if (next === MOST_RECORDS)
      throw new SourceFailure('too_large', `${input.path}: holds more than ${MOST_RECORDS} records. Split the file.`);
    const id = rawEventId(batchId, next++);
    const { key, epochMs, businessDate, version } = identityOf(record);
    const contentHash = record.wholeHash ?? hash('sha256', record.bytes, 'hex');
    const eventTime = epochMs === null ? '\\N' : new Date(epochMs).toISOString();
    const bytes = record.text === null ? `\\\\x${record.bytes.toString('hex')}` : '\\N';
    const line = `${id}\t${source}\t${record.line}\t${keyHash(scope, key)}\t${copyText(key)}\t\\\\x${contentHash}\t${copyText(version)}\t${eventTime}\t${businessDate}\t${copyText(record.defect)}\t${copyText(record.text)}\t${bytes}`;
    return { line, place: [id, batchId, businessDate], record: record.defect ?? record.row ?? 'no text' };
  };
}

type Loaded = { counts: BatchCounts; fields: string[]; contentHash: Buffer };

/** Streams the file into a table; its content is digested on the way, so that what was loaded is what was named. */
async function loadInto(
  session: Session,
  input: Snapshot,
  batchId: bigint,
  table: 'raw_event' | 'incoming',
  follower?: Follower,
): Promise<{ records: number; fields: string[]; contentHash: Buffer }> {
  const fields = new Set<string>();
  const place = placer(input, batchId, fields);
  const digest = createHash('sha256');
  async function* lines(): AsyncGenerator<string[]> {
    for await (const chunk of readRecords(input.path, input.format, (bytes) => digest.update(bytes))) {
      for (const name of chunk.columns ?? []) if (name !== '') fields.add(name);
      const placed = chunk.records.map(place);
      yield placed.map(({ line }) => line);
      await follower?.add(placed);
    }
  }
  const records = await copyInto(session.client, `${table} (${COLUMNS})`, lines());
  return { records, fields: [...fields], contentHash: digest.digest() };
}

async function loadFirst(session: Session, input: Snapshot, batchId: bigint, follower?: Follower): Promise<Loaded> {
  await follower?.begin(batchId);
  const { records, ...loaded } = await loadInto(session, input, batchId, 'raw_event', follower);
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

async function storeBatch(
  session: Session,
  input: Snapshot,
  batch: NewBatch,
  follower?: Follower,
): Promise<CapturedSnapshot> {
  const batchId = await insertBatch(session.db, batch);
  const load = batch.sequence === 1 ? loadFirst : loadChanged;
  const { counts, fields, contentHash } = await load(session, input, batchId, follower);
  if (!contentHash.equals(batch.contentHash))
    throw new SourceFailure('changed_while_reading', `${input.path}: changed while it was read. It is read again.`);
  const { overlaps } = await settleContested(session.db, input, batchId);
  await completeBatch(session.db, batchId, { ...counts, fields, overlaps });
  if (overlaps) await follower?.abandon();
  else if (batch.sequence === 1) await follower?.settle(await inactiveOf(session.db, batchId));
  return { ...counts, batchId, unchanged: false, contentHash, bytes: batch.bytes };
}

const NO_CHANGE = { unchanged: true, newRecords: 0, changedRecords: 0, goneRecords: 0 };

/**
 * Makes a file the snapshot of its slot, within the session's transaction; the same content again changes nothing.
 * Throws SourceFailure where the file cannot be used.
 */
export async function captureSnapshot(
  session: Session,
  input: Snapshot,
  follower?: Follower,
): Promise<CapturedSnapshot> {
  await lockSource(session.db, input);
  const { hash: contentHash, bytes } = await contentDigest(input.path, input.maximumFileBytes);
  const latest = await latestBatch(session.db, input);
  if (latest?.content_hash.equals(contentHash))
    return { ...NO_CHANGE, batchId: latest.batch_id, records: latest.records, contentHash, bytes };
  return storeBatch(session, input, { ...input, sequence: (latest?.sequence ?? 0) + 1, contentHash, bytes }, follower);
}
