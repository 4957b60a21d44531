import Cursor from 'pg-cursor';
import type { Row } from '../../domain/fields.ts';
import { batchFields } from '../postgres/ledger/batches.ts';
import type { Session } from '../postgres/session.ts';
import { csvParser, parseNdjson, type RowParser } from '../sources/file/records.ts';

/** A record that was stored as text, parsed again. `tag` is the third column of the query. */
export type StoredRecord = { rawEventId: bigint; tag: string; row: Row };
export type StoredFormat = { clientId: string; sourceId: string; format: 'csv' | 'ndjson'; delimiter?: string };
/** Selects raw_event_id, batch_id, a tag and the payload. */
export type RecordQuery = { text: string; values: readonly unknown[] };
type RecordRow = [rawEventId: bigint, batchId: bigint, tag: string, payload: string];

const READ_ROWS = 5_000;

async function parserByBatch(session: Session, stored: StoredFormat): Promise<(batchId: bigint) => RowParser> {
  if (stored.format === 'ndjson') return () => parseNdjson;
  const fields = await batchFields(session.db, stored.clientId, stored.sourceId);
  const parsers = new Map<bigint, RowParser>();
  return (batchId) => {
    const parser = parsers.get(batchId) ?? csvParser(fields.get(batchId) ?? [], stored.delimiter ?? ',');
    parsers.set(batchId, parser);
    return parser;
  };
}

function parse(rows: readonly RecordRow[], parserOf: (batchId: bigint) => RowParser): StoredRecord[] {
  return [...Map.groupBy(rows, (row) => row[1])].flatMap(([batchId, group]) => {
    const parsed = parserOf(batchId)(group.map((row) => row[3]));
    return group.flatMap(([rawEventId, , tag], at) => {
      const row = parsed[at]!;
      return typeof row === 'string' ? [] : [{ rawEventId, tag, row }];
    });
  });
}

/** Streams stored records that still parse, some thousand at a time: memory does not grow with their number. */
export async function* storedRecords(
  session: Session,
  stored: StoredFormat,
  query: RecordQuery,
): AsyncGenerator<StoredRecord[]> {
  const parserOf = await parserByBatch(session, stored);
  const cursor = session.client.query(new Cursor<RecordRow>(query.text, [...query.values], { rowMode: 'array' }));
  try {
    for (let rows = await cursor.read(READ_ROWS); rows.length > 0; rows = await cursor.read(READ_ROWS))
      yield parse(rows, parserOf);
  } finally {
    await cursor.close();
  }
}
