import { SourceFailure } from '../failure.ts';
import { type Frame, Framer } from './frames.ts';
import { asSourceFailure, openContent } from './open.ts';
import { csvHeader, csvParser, type FileRecord, parseNdjson, type RowParser, toRecords } from './records.ts';

export type FileFormat = {
  format: 'csv' | 'ndjson';
  delimiter?: string;
  /** Columns without which the first line cannot be a header. */
  requiredColumns: readonly string[];
  maximumRecordBytes: number;
};
export type RecordChunk = { records: FileRecord[]; columns: readonly string[] | null };

const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_MARKS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

function withoutMark(path: string, first: Buffer): Buffer {
  if (UTF16_MARKS.some((mark) => first.subarray(0, 2).equals(mark)))
    throw new SourceFailure('unusable_file', `${path}: is UTF-16 text. Deliver it as UTF-8.`);
  return first.subarray(0, 3).equals(UTF8_MARK) ? first.subarray(3) : first;
}

function readHeader(path: string, frame: Frame, delimiter: string, required: readonly string[]): string[] {
  const columns = csvHeader(frame.bytes.toString('utf8'), delimiter);
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length === 0) return columns;
  const found = columns.join(delimiter).slice(0, 200);
  throw new SourceFailure(
    'unusable_file',
    `${path}, line 1: not the expected header: ${missing.join(', ')} missing, found "${found}". Deliver the file with its header line, or correct the source's schema.`,
  );
}

async function* frameChunks(path: string, format: FileFormat): AsyncGenerator<Frame[]> {
  const delimiter = (format.delimiter ?? ',').charCodeAt(0);
  const framer = new Framer({ quotes: format.format === 'csv', delimiter, maximumBytes: format.maximumRecordBytes });
  let first = true;
  for await (const chunk of await openContent(path)) {
    yield framer.push(first ? withoutMark(path, chunk as Buffer) : (chunk as Buffer));
    first = false;
  }
  yield framer.finish();
}

/**
 * Streams a file's records in their order, a bounded chunk at a time. What one record breaks is its `defect`;
 * what makes the whole file unusable (no header, other encoding, damaged gzip) is a SourceFailure.
 */
export async function* readRecords(path: string, format: FileFormat): AsyncGenerator<RecordChunk> {
  const delimiter = format.delimiter ?? ',';
  let columns: string[] | null = null;
  let parseRows: RowParser = parseNdjson;
  try {
    for await (let frames of frameChunks(path, format)) {
      if (format.format === 'csv' && columns === null && frames[0]) {
        columns = readHeader(path, frames[0], delimiter, format.requiredColumns);
        parseRows = csvParser(columns, delimiter);
        frames = frames.slice(1);
      }
      if (frames.length > 0) yield { records: toRecords(frames, parseRows), columns };
    }
  } catch (error) {
    throw asSourceFailure(path, error);
  }
}
