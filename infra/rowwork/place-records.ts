import { hash } from 'node:crypto';
import type { Row } from '../../domain/fields.ts';
import { compileIdentity, type Identity, type IdentityRule, type Place, placeKey } from '../../domain/identity.ts';
import { type RenameField, renamesInOrder } from '../../domain/normalize/adjustment.ts';
import type { Slot } from '../postgres/capture/batch.ts';
import { MOST_RECORDS, rawEventId } from '../postgres/capture/raw-event-id.ts';
import { CopyRows } from '../postgres/copy-rows.ts';
import { SourceFailure } from '../sources/failure.ts';
import type { FileRecord } from '../sources/file/records.ts';
import type { RecordPlace } from './entry-lines.ts';
import type { FileSummary } from './file-summary.ts';
import { keyHasher } from './key-hash.ts';

/** How the records of a slot's file are told apart. */
export type Placing = Slot & {
  path: string;
  identity: IdentityRule;
  /** Fields that a person decided to read under another name, on this day. */
  renames?: readonly RenameField[];
  zones: Place['zones'];
  cutOff?: string;
};

/** A record's place, and what it says or why it cannot be read. */
export type PlacedRecord = { place: RecordPlace; record: Row | string };

const FIELDS = [
  ...['client_id', 'source_id', 'batch_id', 'raw_event_id', 'line', 'key_hash', 'business_key', 'content_hash'],
  ...['record_version', 'event_time', 'business_date', 'defect', 'payload', 'payload_bytes'],
];
export const RECORD_COLUMNS = FIELDS.join(', ');

function compileIdentify(input: Placing): (record: FileRecord) => Identity {
  const identify = compileIdentity(input.identity, input);
  const named = renamesInOrder(input.renames ?? []);
  return ({ row, line }) =>
    row
      ? identify(named(row), line)
      : { key: placeKey(input.slot, line), epochMs: null, businessDate: input.slotDate, version: null };
}

/** What is said of every record of a batch. */
function constantFields({ clientId, sourceId }: Slot, batchId: bigint): Buffer {
  const fields = new CopyRows();
  fields.text(clientId);
  fields.text(sourceId);
  fields.int64(batchId);
  return Buffer.from(fields.take());
}

function writePayload(to: CopyRows, { text, bytes }: FileRecord): void {
  if (text === null) to.absent();
  // Readable text is valid UTF-8: its bytes are what the database is sent for it.
  to.bytes(bytes);
  if (text !== null) to.absent();
}

/**
 * Compiles the placing of a file's records in their batch, one after the other, and their writing in the order of
 * `RECORD_COLUMNS`. Throws SourceFailure where the file has more records than a batch has room for.
 */
export function compilePlacing(
  input: Placing,
  batchId: bigint,
  summary: FileSummary,
): (record: FileRecord, to: CopyRows) => PlacedRecord {
  const identityOf = compileIdentify(input);
  const hashOf = keyHasher(`${input.clientId}/${input.sourceId}`);
  const constants = constantFields(input, batchId);
  let next = 0;
  return (record, to) => {
    if (next === MOST_RECORDS)
      throw new SourceFailure('too_large', `${input.path}: holds more than ${MOST_RECORDS} records. Split the file.`);
    const id = rawEventId(batchId, next++);
    const { key, epochMs, businessDate, version } = identityOf(record);
    const keyHash = hashOf(key);
    summary.add(record.row, keyHash, businessDate);
    to.row(FIELDS.length);
    to.fields(constants);
    to.int64(id);
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
