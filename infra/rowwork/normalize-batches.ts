import Cursor from 'pg-cursor';
import type { NormalizedRecord } from '../../domain/normalize/entry.ts';
import { compileTransform } from '../../domain/normalize/normalize.ts';
import type { TransformRule } from '../../domain/normalize/rule.ts';
import { compileRecordSchema } from '../../schemas/ajv.ts';
import { appendAudit } from '../postgres/audit.ts';
import { lockSource } from '../postgres/capture/batch.ts';
import { lapseDays } from '../postgres/capture/lapse.ts';
import { copyInto, copyText } from '../postgres/copy.ts';
import { createAffected, STANDING_OF_AFFECTED, STANDING_OF_BATCH } from '../postgres/ledger/affected.ts';
import { batchFields, markNormalized, pendingBatches } from '../postgres/ledger/batches.ts';
import { createDesired, postDifference, settleQuarantine } from '../postgres/ledger/difference.ts';
import { inTransaction, type Session, withSession } from '../postgres/session.ts';
import { csvParser, parseNdjson, type RowParser } from '../sources/file/records.ts';
import { customerKeyer } from './customer-key.ts';
import { type RowWorkResult, sourceFailureAsResult } from './result.ts';

export type NormalizeInput = {
  databaseUrl: string;
  auditKey: Uint8Array;
  customerKey: Uint8Array;
  clientId: string;
  businessDate: string;
  attempt: number;
  format: 'csv' | 'ndjson';
  delimiter?: string;
  rule: TransformRule;
  transformVersion: number;
};
export type NormalizeOutcome = {
  records: number;
  posted: number;
  reversed: number;
  quarantined: number;
  dates: string[];
};

type RecordRow = [
  rawEventId: bigint,
  batchId: bigint,
  businessDate: string,
  defect: string | null,
  payload: string | null,
];
/** COPY lines of one read; `dates` gathers the business days of the entries over all reads. */
type Lines = { entries: string[]; quarantined: string[]; dates: Set<string> };

const READ_ROWS = 5_000;
const ENTRY_COLUMNS =
  'client_id, store_id, source_id, transform_version, currency, raw_event_id, batch_id, book, kind, business_date, occurred_at, amount_micros, order_id, customer_key, channel, campaign, dimensions';
const QUARANTINE_COLUMNS =
  'client_id, source_id, transform_version, raw_event_id, business_date, amount_micros, currency, errors';

/** Compiles the transform into a function from stored records to COPY lines. */
function lineMaker(
  input: NormalizeInput,
  fieldsOf: ReadonlyMap<bigint, string[]>,
): (rows: readonly RecordRow[]) => Lines {
  const { rule, clientId, transformVersion } = input;
  const transform = compileTransform(rule, compileRecordSchema(rule.schema));
  const keyOf = customerKeyer(input.customerKey, clientId);
  const entryPrefix = [clientId, rule.storeId, rule.sourceId, String(transformVersion), rule.currency]
    .map(copyText)
    .join('\t');
  const quarantinePrefix = [clientId, rule.sourceId, String(transformVersion)].map(copyText).join('\t');
  const parsers = new Map<bigint, RowParser>();
  const dates = new Set<string>();
  const parserOf = (batchId: bigint): RowParser => {
    const known = parsers.get(batchId);
    if (known) return known;
    const parser =
      input.format === 'csv' ? csvParser(fieldsOf.get(batchId) ?? [], input.delimiter ?? ',') : parseNdjson;
    parsers.set(batchId, parser);
    return parser;
  };

  const toQuarantine = (row: RecordRow, errors: unknown, amountMicros: bigint | null) =>
    `${quarantinePrefix}\t${row[0]}\t${row[2]}\t${amountMicros ?? '\\N'}\t${rule.currency}\t${copyText(JSON.stringify(errors))}`;

  const add = (row: RecordRow, outcome: NormalizedRecord, lines: Lines) => {
    if (outcome.kind === 'quarantine') {
      lines.quarantined.push(toQuarantine(row, outcome.errors, outcome.amountMicros));
      return;
    }
    if (outcome.entries.length === 0) return;
    const { customer, channel, campaign, dimensions } = outcome.shared;
    const customerKey = customer === null ? '\\N' : keyOf(customer);
    const others = dimensions === null ? '\\N' : copyText(JSON.stringify(dimensions));
    const tail = `${customerKey}\t${copyText(channel)}\t${copyText(campaign)}\t${others}`;
    for (const entry of outcome.entries) {
      lines.dates.add(entry.businessDate);
      const at = new Date(entry.occurredAtMs).toISOString();
      lines.entries.push(
        `${entryPrefix}\t${row[0]}\t${row[1]}\t${entry.book}\t${entry.kind}\t${entry.businessDate}\t${at}\t${entry.amountMicros}\t${copyText(entry.orderId)}\t${tail}`,
      );
    }
  };

  return (rows) => {
    const lines: Lines = { entries: [], quarantined: [], dates };
    for (const group of groupByBatch(rows)) {
      const readable = group.filter((row) => row[3] === null && row[4] !== null);
      const parsed = parserOf(group[0]![1])(readable.map((row) => row[4] as string));
      for (const row of group)
        if (row[3] !== null || row[4] === null)
          lines.quarantined.push(
            toQuarantine(row, [{ path: '', found: row[3] ?? 'no text', expected: 'a readable record' }], null),
          );
      readable.forEach((row, at) => {
        const record = parsed[at]!;
        if (typeof record === 'string')
          lines.quarantined.push(toQuarantine(row, [{ path: '', found: record, expected: 'a readable record' }], null));
        else add(row, transform(record), lines);
      });
    }
    return lines;
  };
}

function groupByBatch(rows: readonly RecordRow[]): RecordRow[][] {
  const groups: RecordRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0]?.[1] === row[1]) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

type Target = { entries: string; quarantine: string };
const DIRECT: Target = { entries: 'ledger_entry', quarantine: 'quarantine' };
const COMPARED: Target = { entries: 'desired', quarantine: 'desired_quarantine' };

async function* once(lines: readonly string[]): AsyncGenerator<readonly string[]> {
  yield lines;
}

async function store(writer: Session, target: Target, lines: Lines): Promise<void> {
  if (lines.entries.length > 0)
    await copyInto(writer.client, `${target.entries} (${ENTRY_COLUMNS})`, once(lines.entries));
  if (lines.quarantined.length > 0)
    await copyInto(writer.client, `${target.quarantine} (${QUARANTINE_COLUMNS})`, once(lines.quarantined));
}

/** Reads standing records, maps them and stores the lines; the next rows are mapped while the last are stored. */
async function mapRows(
  reader: Session,
  writer: Session,
  query: { text: string; values: unknown[] },
  toLines: (rows: readonly RecordRow[]) => Lines,
  target: Target,
): Promise<Omit<NormalizeOutcome, 'reversed'>> {
  const cursor = reader.client.query(new Cursor<RecordRow>(query.text, query.values, { rowMode: 'array' }));
  const counts = { records: 0, posted: 0, quarantined: 0, dates: [] as string[] };
  let storing: Promise<void> = Promise.resolve();
  for (let rows = await cursor.read(READ_ROWS); rows.length > 0; rows = await cursor.read(READ_ROWS)) {
    const lines = toLines(rows);
    counts.records += rows.length;
    counts.posted += lines.entries.length;
    counts.quarantined += lines.quarantined.length;
    counts.dates = [...lines.dates].sort();
    await storing;
    storing = store(writer, target, lines);
    storing.catch(() => undefined);
  }
  await storing;
  await cursor.close();
  return counts;
}

async function normalizeInTransaction(
  reader: Session,
  writer: Session,
  input: NormalizeInput,
): Promise<NormalizeOutcome> {
  const { clientId, rule, businessDate, transformVersion } = input;
  const { sourceId } = rule;
  await lockSource(writer.db, { clientId, sourceId, slot: '', slotDate: businessDate });
  const pending = await pendingBatches(writer.db, clientId, sourceId, businessDate, transformVersion);
  const none = { records: 0, posted: 0, reversed: 0, quarantined: 0, dates: [] };
  if (pending.length === 0) return none;
  const batchIds = pending.map((batch) => batch.batch_id);
  const toLines = lineMaker(input, await batchFields(writer.db, clientId, sourceId));
  const [only] = pending;
  const fresh = pending.length === 1 && only?.sequence === 1 && only.normalized_with === null && !only.overlapping;
  const outcome = fresh
    ? await postFresh(reader, writer, only.batch_id, toLines)
    : await postCompared(reader, writer, input, batchIds, toLines);
  await markNormalized(writer.db, batchIds, transformVersion);
  await lapseDays(writer.db, clientId, outcome.dates, `entries of ${sourceId} changed`);
  await appendAudit(writer.db, Buffer.from(input.auditKey), {
    clientId,
    businessDate,
    attempt: input.attempt,
    actor: 'meshline',
    action: 'day.normalized',
    subject: `${sourceId}@${transformVersion}`,
    detail: { ...outcome, batches: batchIds.map(String) },
  });
  return outcome;
}

async function postFresh(
  reader: Session,
  writer: Session,
  batchId: bigint,
  toLines: (rows: readonly RecordRow[]) => Lines,
): Promise<NormalizeOutcome> {
  const query = { text: STANDING_OF_BATCH, values: [String(batchId)] };
  return { ...(await mapRows(reader, writer, query, toLines, DIRECT)), reversed: 0 };
}

async function postCompared(
  reader: Session,
  writer: Session,
  input: NormalizeInput,
  batchIds: readonly bigint[],
  toLines: (rows: readonly RecordRow[]) => Lines,
): Promise<NormalizeOutcome> {
  const { clientId, rule } = input;
  await createAffected(writer.db, batchIds);
  await reader.client.query('begin');
  await createAffected(reader.db, batchIds);
  await createDesired(writer.db);
  const query = { text: STANDING_OF_AFFECTED, values: [clientId, rule.sourceId] };
  const counts = await mapRows(reader, writer, query, toLines, COMPARED);
  await reader.client.query('rollback');
  const posted = await postDifference(writer.db, clientId, rule.sourceId, batchIds.at(-1)!);
  await settleQuarantine(writer.db, clientId, rule.sourceId);
  return { ...counts, ...posted };
}

/** Brings the ledger of one source and day to what its records mean now. Runs in a row-work thread. */
export default function normalizeBatches(input: NormalizeInput): Promise<RowWorkResult<NormalizeOutcome>> {
  return sourceFailureAsResult(() =>
    withSession(input.databaseUrl, (reader) =>
      withSession(input.databaseUrl, (writer) =>
        inTransaction(writer, () => normalizeInTransaction(reader, writer, input)),
      ),
    ),
  );
}
