import type { Row } from '../../domain/fields.ts';
import type { NormalizedRecord } from '../../domain/normalize/entry.ts';
import { compileTransform } from '../../domain/normalize/normalize.ts';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import { compileRecordSchema } from '../../schemas/ajv.ts';
import { copyText } from '../postgres/copy.ts';
import { csvParser, parseNdjson, type RowParser } from '../sources/file/records.ts';
import { customerKeyer } from './customer-key.ts';

/** Where a record stands: its id, its batch, and the business day that it belongs to by itself. */
export type RecordPlace = readonly [rawEventId: bigint, batchId: bigint, businessDate: string];
/** A standing record as it is stored. */
export type StandingRow = [...RecordPlace, defect: string | null, payload: string | null];
/** COPY lines of some records; `dates` gathers the business days of the entries of all records so far. */
export type Lines = { entries: string[]; quarantined: string[]; dates: ReadonlySet<string> };

/** What records of a source mean under one version of its transform. */
export type Meaning = {
  clientId: string;
  customerKey: Uint8Array;
  format: 'csv' | 'ndjson';
  delimiter?: string;
  rule: TransformRule;
  transformVersion: number;
};

export const ENTRY_COLUMNS =
  'client_id, store_id, source_id, transform_version, currency, raw_event_id, batch_id, book, kind, business_date, occurred_at, amount_micros, order_id, customer_key, channel, campaign, dimensions';
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

/** Compiles what is said of every record of a source, and the lines of one that makes entries. */
function entryLines({ clientId, customerKey, rule, transformVersion }: Meaning, dates: Set<string>) {
  const keyOf = customerKeyer(customerKey, clientId);
  const prefix = [clientId, rule.storeId, rule.sourceId, String(transformVersion), rule.currency]
    .map(copyText)
    .join('\t');
  return ([rawEventId, batchId]: RecordPlace, { entries, shared }: Entries): string[] => {
    const customer = shared.customer === null ? '\\N' : keyOf(shared.customer);
    const others = shared.dimensions === null ? null : JSON.stringify(shared.dimensions);
    const tail = `${customer}\t${copyText(shared.channel)}\t${copyText(shared.campaign)}\t${copyText(others)}`;
    return entries.map((entry) => {
      dates.add(entry.businessDate);
      const at = new Date(entry.occurredAtMs).toISOString();
      return `${prefix}\t${rawEventId}\t${batchId}\t${entry.book}\t${entry.kind}\t${entry.businessDate}\t${at}\t${entry.amountMicros}\t${copyText(entry.orderId)}\t${tail}`;
    });
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
  const toEntries = entryLines(meaning, dates);
  const toQuarantine = quarantineLine(meaning);
  return {
    empty: () => ({ entries: [], quarantined: [], dates }),
    add(place, record, lines) {
      const outcome = typeof record === 'string' ? unreadable(record) : transform(record);
      if (outcome.kind === 'entries') lines.entries.push(...toEntries(place, outcome));
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
