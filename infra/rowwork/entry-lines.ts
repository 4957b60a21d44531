import type { Row } from '../../domain/fields.ts';
import type { NormalizedRecord } from '../../domain/normalize/entry.ts';
import { compileTransform } from '../../domain/normalize/normalize.ts';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import { compileRecordSchema } from '../../schemas/ajv.ts';
import { copyText } from '../postgres/copy.ts';
import { CopyRows } from '../postgres/copy-rows.ts';
import { csvParser, parseNdjson, type RowParser } from '../sources/file/records.ts';
import { customerKeyer } from './customer-key.ts';

/** Where a record stands: its id, its batch, and the business day that it belongs to by itself. */
export type RecordPlace = readonly [rawEventId: bigint, batchId: bigint, businessDate: string];
/** A standing record as it is stored. */
export type StandingRow = [...RecordPlace, defect: string | null, payload: string | null];
/** What some records are stored as: entries in binary rows, quarantined records in lines; `dates` gathers the business days of the entries of all records so far. */
export type Lines = { entries: CopyRows; quarantined: string[]; dates: ReadonlySet<string> };

/** What records of a source mean under one version of its transform. */
export type Meaning = {
  clientId: string;
  customerKey: Uint8Array;
  format: 'csv' | 'ndjson';
  delimiter?: string;
  rule: TransformRule;
  transformVersion: number;
};

const ENTRY_FIELDS = [
  ...['client_id', 'store_id', 'source_id', 'transform_version', 'currency', 'raw_event_id', 'batch_id'],
  ...['book', 'kind', 'business_date', 'occurred_at', 'amount_micros', 'order_id'],
  ...['customer_key', 'channel', 'campaign', 'dimensions'],
];
export const ENTRY_COLUMNS = ENTRY_FIELDS.join(', ');
export const QUARANTINE_COLUMNS =
  'client_id, source_id, transform_version, currency, raw_event_id, business_date, amount_micros, errors';

type Quarantined = Extract<NormalizedRecord, { kind: 'quarantine' }>;
type Entries = Extract<NormalizedRecord, { kind: 'entries' }>;

const unreadable = (found: string): Quarantined => ({
  kind: 'quarantine',
  errors: [{ path: '', found, expected: 'a readable record' }],
  amountMicros: null,
});

/** Compiles the reading of stored records, each under the columns of its batch. */
function recordReader(
  { format, delimiter = ',' }: Meaning,
  fieldsOf: ReadonlyMap<bigint, string[]>,
): (batchId: bigint) => RowParser {
  if (format === 'ndjson') return () => parseNdjson;
  const parsers = new Map<bigint, RowParser>();
  return (batchId) => {
    const parser = parsers.get(batchId) ?? csvParser(fieldsOf.get(batchId) ?? [], delimiter);
    parsers.set(batchId, parser);
    return parser;
  };
}

/** What is said of every record of a source. */
function constantFields({ clientId, rule, transformVersion }: Meaning): Buffer {
  const fields = new CopyRows();
  for (const text of [clientId, rule.storeId, rule.sourceId]) fields.text(text);
  fields.int32(transformVersion);
  fields.text(rule.currency);
  return Buffer.from(fields.take());
}

/** Compiles the writing of a record's entries, in the order of the columns. */
function entryWriter(
  meaning: Meaning,
  dates: Set<string>,
): (place: RecordPlace, record: Entries, to: CopyRows) => void {
  const keyOf = customerKeyer(meaning.customerKey, meaning.clientId);
  const constants = constantFields(meaning);
  const writeShared = (to: CopyRows, { customer, channel, campaign, dimensions }: Entries['shared']) => {
    if (customer === null) to.absent();
    else to.hex(keyOf(customer));
    to.text(channel);
    to.text(campaign);
    if (dimensions === null) to.absent();
    else to.json(dimensions);
  };
  return ([rawEventId, batchId], { entries, shared }, to) => {
    let written: readonly [from: number, to: number] | null = null;
    for (const entry of entries) {
      dates.add(entry.businessDate);
      to.row(ENTRY_FIELDS.length);
      to.fields(constants);
      to.int64(rawEventId);
      to.int64(batchId);
      to.text(entry.book);
      to.text(entry.kind);
      to.date(entry.businessDate);
      to.instant(entry.occurredAtMs);
      to.int64(entry.amountMicros);
      to.text(entry.orderId);
      const from = to.end;
      if (written) to.again(...written);
      else writeShared(to, shared);
      written = [from, to.end];
    }
  };
}

function quarantineLine({
  clientId,
  rule,
  transformVersion,
}: Meaning): (place: RecordPlace, why: Quarantined) => string {
  const prefix = [clientId, rule.sourceId, String(transformVersion), rule.currency].map(copyText).join('\t');
  return ([rawEventId, , businessDate], { errors, amountMicros }) =>
    `${prefix}\t${rawEventId}\t${businessDate}\t${amountMicros ?? '\\N'}\t${copyText(JSON.stringify(errors))}`;
}

/** Adds the lines of one record; `record` is what it says, or why it cannot be read. */
export type AddLines = (place: RecordPlace, record: Row | string, lines: Lines) => void;

/** Compiles the transform of a source into a function that adds the lines of one record after the other. */
export function compileAddLines(meaning: Meaning): { add: AddLines; empty(): Lines } {
  const transform = compileTransform(meaning.rule, compileRecordSchema(meaning.rule.schema));
  const dates = new Set<string>();
  const writeEntries = entryWriter(meaning, dates);
  const toQuarantine = quarantineLine(meaning);
  return {
    empty: () => ({ entries: new CopyRows(), quarantined: [], dates }),
    add(place, record, lines) {
      const outcome = typeof record === 'string' ? unreadable(record) : transform(record, place[0]);
      if (outcome.kind === 'entries') writeEntries(place, outcome, lines.entries);
      else lines.quarantined.push(toQuarantine(place, outcome));
    },
  };
}

/**
 * Compiles the transform of a source into a function from stored records to lines for COPY.
 * @param fieldsOf the columns of each batch
 */
export function compileLines(
  meaning: Meaning,
  fieldsOf: ReadonlyMap<bigint, string[]>,
): (rows: readonly StandingRow[]) => Lines {
  const { add, empty } = compileAddLines(meaning);
  const parserOf = recordReader(meaning, fieldsOf);
  return (rows) => {
    const lines = empty();
    for (const [batchId, group] of Map.groupBy(rows, (row) => row[1])) {
      const readable = group.filter((row) => row[3] === null);
      const parsed = parserOf(batchId)(readable.map((row) => row[4] ?? ''));
      let next = 0;
      for (const [rawEventId, , businessDate, defect] of group)
        add([rawEventId, batchId, businessDate], defect ?? parsed[next++]!, lines);
    }
    return lines;
  };
}
