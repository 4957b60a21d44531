import { hash } from 'node:crypto';
import type { Row } from '../../domain/fields.ts';
import { compileIdentity, type Identity, type IdentityRule, type Place, placeKey } from '../../domain/identity.ts';
import { type RenameField, renamesInOrder } from '../../domain/normalize/adjustment.ts';
import {
  type BatchCounts,
  completeBatch,
  insertBatch,
  type LatestBatch,
  latestBatch,
  lockSource,
  type NewBatch,
  type Slot,
} from '../postgres/capture/batch.ts';
import { inactiveOf, settleContested } from '../postgres/capture/contested.ts';
import { type RecordsByDay, storeBatchDays, storedByDay } from '../postgres/capture/day-records.ts';
import { MOST_RECORDS, rawEventId } from '../postgres/capture/raw-event-id.ts';
import { applySnapshot, createBefore, createIncoming, numberOccurrences } from '../postgres/capture/snapshot.ts';
import { copyInto, openRowCopy } from '../postgres/copy.ts';
import { CopyRows } from '../postgres/copy-rows.ts';
import type { Session } from '../postgres/session.ts';
import { sampleLoad } from '../postgres/statistics.ts';
import { SourceFailure } from '../sources/failure.ts';
import {
  assertUnchanged,
  type Content,
  ContentDigest,
  contentDigest,
  type FileState,
  stateBefore,
} from '../sources/file/open.ts';
import { type FileFormat, readRecords } from '../sources/file/read.ts';
import type { FileRecord } from '../sources/file/records.ts';
import type { RecordPlace } from './entry-lines.ts';
import { KeyStems, keyHasher } from './key-hash.ts';
import { RepeatedKeys } from './repeated-keys.ts';

/** One file as the full snapshot of a slot. */
export type Snapshot = Slot & {
  path: string;
  fileName: string;
  format: FileFormat;
  identity: IdentityRule;
  /** Fields that a person decided to read under another name, on this day. */
  renames?: readonly RenameField[];
  zones: Place['zones'];
  cutOff?: string;
  maximumFileBytes: number;
};
type NewSnapshot = Snapshot & NewBatch & { before: FileState };
export type CapturedSnapshot = BatchCounts & {
  batchId: bigint;
  unchanged: boolean;
  contentHash: Buffer;
  bytes: number;
};

const FIELDS = [
  ...['raw_event_id', 'client_id', 'source_id', 'batch_id', 'line', 'key_hash', 'business_key', 'content_hash'],
  ...['record_version', 'event_time', 'business_date', 'defect', 'payload', 'payload_bytes'],
];
/** A feed that makes up a new field name for every record must not fill the memory. */
const MOST_FIELDS = 2_000;

function compileIdentify(input: Snapshot): (record: FileRecord) => Identity {
  const identify = compileIdentity(input.identity, input);
  const named = renamesInOrder(input.renames ?? []);
  return ({ row, line }) =>
    row
      ? identify(named(row), line)
      : { key: placeKey(input.slot, line), epochMs: null, businessDate: input.slotDate, version: null };
}

/** A record's place, and what it says or why it cannot be read. */
export type PlacedRecord = { place: RecordPlace; record: Row | string };
/** Who else wants the records of a first capture, as they are read. */
export type Follower = {
  begin(batchId: bigint): Promise<void>;
  add(records: readonly PlacedRecord[]): Promise<void>;
  /** All are read; of these only those stand that are not named. What is made of that need not be waited for. */
  settle(withdrawn: readonly bigint[]): void;
  /** Records of other batches have a say: nothing that was followed may be used. */
  abandon(): Promise<void>;
};

/** What is gathered of a file while its records pass. */
type Gathered = { fields: Set<string>; keys: RepeatedKeys; stems: KeyStems; byDay: Map<string, number> };

function writePayload(to: CopyRows, { text, bytes }: FileRecord): void {
  if (text === null) to.absent();
  // Readable text is valid UTF-8: its bytes are what the database is sent for it.
  to.bytes(bytes);
  if (text !== null) to.absent();
}

/** Compiles the placing of a file's records in their batch, and their writing in the order of the columns. */
function placer(
  input: Snapshot,
  batchId: bigint,
  { fields, keys, stems, byDay }: Gathered,
): (record: FileRecord, to: CopyRows) => PlacedRecord {
  const identityOf = compileIdentify(input);
  const hashOf = keyHasher(`${input.clientId}/${input.sourceId}`);
  let next = 0;
  return (record, to) => {
    if (record.row) for (const name in record.row) if (!fields.has(name) && fields.size < MOST_FIELDS) fields.add(name);
    if (next === MOST_RECORDS)
      throw new SourceFailure('too_large', `${input.path}: holds more than ${MOST_RECORDS} records. Split the file.`);
    const id = rawEventId(batchId, next++);
    const { key, epochMs, businessDate, version } = identityOf(record);
    const keyHash = hashOf(key);
    keys.add(keyHash);
    stems.add(keyHash);
    byDay.set(businessDate, (byDay.get(businessDate) ?? 0) + 1);
    to.row(FIELDS.length);
    to.int64(id);
    to.text(input.clientId);
    to.text(input.sourceId);
    to.int64(batchId);
    to.int32(record.line);
    to.hex(keyHash);
    to.text(key);
    to.hex(record.wholeHash ?? hash('sha256', record.bytes, 'hex'));
    to.text(version);
    if (epochMs === null) to.absent();
    else to.instant(epochMs);
    to.date(businessDate);
    to.text(record.defect);
    writePayload(to, record);
    return { place: [id, batchId, businessDate], record: record.defect ?? record.row ?? 'no text' };
  };
}

type Loaded = {
  counts: BatchCounts;
  byDay: RecordsByDay;
  stems: readonly string[] | null;
  fields: string[];
  content: Content;
};

/** Streams the file into a table; its content is digested on the way, so that what was loaded is what is named. */
async function loadInto(
  session: Session,
  input: NewSnapshot,
  batchId: bigint,
  table: 'raw_event' | 'incoming',
  follower?: Follower,
): Promise<Omit<Loaded, 'counts'> & { records: number; keys: RepeatedKeys }> {
  const fields = new Set<string>();
  const keys = new RepeatedKeys(input.before.bytes);
  const stems = new KeyStems();
  const byDay = new Map<string, number>();
  const place = placer(input, batchId, { fields, keys, stems, byDay });
  const digest = new ContentDigest(input.path, input.maximumFileBytes);
  async function* rows(): AsyncGenerator<CopyRows> {
    for await (const chunk of readRecords(input.path, input.format, (bytes) => digest.add(bytes))) {
      for (const name of chunk.columns ?? []) if (name !== '') fields.add(name);
      const written = new CopyRows();
      const placed = chunk.records.map((record) => place(record, written));
      yield written;
      await follower?.add(placed);
    }
  }
  const records = await copyInto(openRowCopy(session.client, `${table} (${FIELDS.join(', ')})`), rows());
  return { records, byDay, stems: stems.all, fields: [...fields], keys, content: digest.finish() };
}

async function loadFirst(session: Session, input: NewSnapshot, batchId: bigint, follower?: Follower): Promise<Loaded> {
  await follower?.begin(batchId);
  const { records, keys, ...loaded } = await loadInto(session, input, batchId, 'raw_event', follower);
  await sampleLoad(session.db, 'raw_event', records);
  const repeated = await numberOccurrences(session.db, 'raw_event', batchId, keys.suspects);
  return { ...loaded, counts: { records, newRecords: records - repeated, changedRecords: 0, goneRecords: 0 } };
}

async function loadChanged(session: Session, input: NewSnapshot, batchId: bigint): Promise<Loaded> {
  await createIncoming(session.db);
  const { records, keys, ...loaded } = await loadInto(session, input, batchId, 'incoming');
  await createBefore(session.db, input, batchId);
  await numberOccurrences(session.db, 'incoming', batchId, keys.suspects);
  const counts = await applySnapshot(session.db, input, batchId);
  await sampleLoad(session.db, 'raw_event', records);
  return { ...loaded, byDay: await storedByDay(session.db, batchId), counts };
}

async function storeBatch(session: Session, batch: NewSnapshot, follower?: Follower): Promise<CapturedSnapshot> {
  const batchId = await insertBatch(session.db, batch);
  const load = batch.sequence === 1 ? loadFirst : loadChanged;
  const { counts, byDay, stems, fields, content } = await load(session, batch, batchId, follower);
  await assertUnchanged(batch.path, batch.before);
  const { hash: contentHash, bytes } = content;
  const isFirst = batch.sequence === 1;
  const { overlaps } = await settleContested(session.db, batch, { batchId, isFirst, stems });
  await storeBatchDays(session.db, batch, batchId, byDay);
  await completeBatch(session.db, batchId, { ...counts, contentHash, bytes, fields, overlaps });
  if (overlaps) await follower?.abandon();
  else if (isFirst) follower?.settle(await inactiveOf(session.db, batchId));
  return { ...counts, batchId, unchanged: false, contentHash, bytes };
}

const NO_CHANGE = { unchanged: true, newRecords: 0, changedRecords: 0, goneRecords: 0 };

/** The slot's latest batch where the file says what it said then; else null. */
async function unchangedContent(input: Snapshot, latest: LatestBatch): Promise<CapturedSnapshot | null> {
  const { hash: contentHash, bytes } = await contentDigest(input.path, input.maximumFileBytes);
  if (!latest.content_hash.equals(contentHash)) return null;
  return { ...NO_CHANGE, batchId: latest.batch_id, records: latest.records, contentHash, bytes };
}

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
  const before = await stateBefore(input.path, input.maximumFileBytes);
  const latest = await latestBatch(session.db, input);
  // What nothing is known of is read once: there is no digest that its own could be compared with beforehand.
  const known = latest && (await unchangedContent(input, latest));
  return known ?? storeBatch(session, { ...input, sequence: (latest?.sequence ?? 0) + 1, before }, follower);
}
