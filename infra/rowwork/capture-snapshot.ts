import {
  type BatchCounts,
  completeBatch,
  insertBatch,
  type LatestBatch,
  latestBatch,
  lockSource,
  type NewBatch,
} from '../postgres/capture/batch.ts';
import { inactiveOf, settleContested } from '../postgres/capture/contested.ts';
import { type RecordsByDay, storeBatchDays, storedByDay } from '../postgres/capture/day-records.ts';
import { applySnapshot, createBefore, createIncoming, numberOccurrences } from '../postgres/capture/snapshot.ts';
import { copyInto, openRowCopy } from '../postgres/copy.ts';
import { CopyRows } from '../postgres/copy-rows.ts';
import type { Session } from '../postgres/session.ts';
import { sampleLoad } from '../postgres/statistics.ts';
import {
  assertUnchanged,
  type Content,
  ContentDigest,
  contentDigest,
  type FileState,
  stateBefore,
} from '../sources/file/open.ts';
import { type FileFormat, readRecords } from '../sources/file/read.ts';
import { FileSummary } from './file-summary.ts';
import { compilePlacing, type PlacedRecord, type Placing, RECORD_COLUMNS } from './place-records.ts';

/** One file as the full snapshot of a slot. */
export type Snapshot = Placing & { fileName: string; format: FileFormat; maximumFileBytes: number };
type NewSnapshot = Snapshot & NewBatch & { before: FileState };
export type CapturedSnapshot = BatchCounts & {
  batchId: bigint;
  unchanged: boolean;
  contentHash: Buffer;
  bytes: number;
};

/** Who else wants the records of a first capture, as they are read. */
export type Follower = {
  begin(batchId: bigint): Promise<void>;
  add(records: readonly PlacedRecord[]): Promise<void>;
  /** All are read; of these only those stand that are not named. What is made of that need not be waited for. */
  settle(withdrawn: readonly bigint[]): void;
  /** Records of other batches have a say: nothing that was followed may be used. */
  abandon(): Promise<void>;
};

type Read = { records: number; summary: FileSummary; content: Content };

/** Streams the file into a table; its content is digested on the way, so that what was loaded is what is named. */
async function loadInto(
  session: Session,
  input: NewSnapshot,
  batchId: bigint,
  table: 'raw_event' | 'incoming',
  follower?: Follower,
): Promise<Read> {
  const summary = new FileSummary(input.before.bytes);
  const place = compilePlacing(input, batchId, summary);
  const digest = new ContentDigest(input.path, input.maximumFileBytes);
  async function* rows(): AsyncGenerator<CopyRows> {
    for await (const chunk of readRecords(input.path, input.format, (bytes) => digest.add(bytes))) {
      summary.addColumns(chunk.columns ?? []);
      const written = new CopyRows();
      const placed = chunk.records.map((record) => place(record, written));
      yield written;
      await follower?.add(placed);
    }
  }
  const records = await copyInto(openRowCopy(session.client, `${table} (${RECORD_COLUMNS})`), rows());
  return { records, summary, content: digest.finish() };
}

/** `byDay` are the numbers of records that were stored, which of a changed file are fewer than were read. */
type Loaded = Read & { counts: BatchCounts; byDay: RecordsByDay };

async function loadFirst(session: Session, input: NewSnapshot, batchId: bigint, follower?: Follower): Promise<Loaded> {
  await follower?.begin(batchId);
  const read = await loadInto(session, input, batchId, 'raw_event', follower);
  const { records, summary } = read;
  await sampleLoad(session.db, 'raw_event', records);
  const repeated = await numberOccurrences(session.db, 'raw_event', batchId, summary.keys.suspects);
  const counts = { records, newRecords: records - repeated, changedRecords: 0, goneRecords: 0 };
  return { ...read, byDay: summary.byDay, counts };
}

async function loadChanged(session: Session, input: NewSnapshot, batchId: bigint): Promise<Loaded> {
  await createIncoming(session.db);
  const read = await loadInto(session, input, batchId, 'incoming');
  await createBefore(session.db, input, batchId);
  await numberOccurrences(session.db, 'incoming', batchId, read.summary.keys.suspects);
  const counts = await applySnapshot(session.db, input, batchId);
  await sampleLoad(session.db, 'raw_event', read.records);
  return { ...read, byDay: await storedByDay(session.db, batchId), counts };
}

async function storeBatch(session: Session, batch: NewSnapshot, follower?: Follower): Promise<CapturedSnapshot> {
  const batchId = await insertBatch(session.db, batch);
  const isFirst = batch.sequence === 1;
  const load = isFirst ? loadFirst : loadChanged;
  const { counts, byDay, summary, content } = await load(session, batch, batchId, follower);
  await assertUnchanged(batch.path, batch.before);
  const { hash: contentHash, bytes } = content;
  const read = { batchId, isFirst, stems: summary.stems.all };
  const { overlaps } = await settleContested(session.db, batch, read);
  await storeBatchDays(session.db, batch, batchId, byDay);
  await completeBatch(session.db, batchId, { ...counts, contentHash, bytes, fields: [...summary.fields], overlaps });
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
