import { SourceFailure } from '../failure.ts';
import { type Frame, Framer } from './frames.ts';
import { assertColumns, type ExpectedColumns, readHeader } from './header.ts';
import { asSourceFailure, openContent } from './open.ts';
import { csvParser, type FileRecord, parseNdjson, type RowParser, toRecords } from './records.ts';
import { type Encoding, markLength, recoderOf } from './text.ts';

export type FileFormat = ExpectedColumns & {
  format: 'csv' | 'ndjson';
  delimiter?: string;
  encoding?: Encoding;
  /** The names of the columns where a CSV's first line is not a header. */
  header?: true | readonly string[];
  maximumRecordBytes: number;
};
export type RecordChunk = { records: FileRecord[]; columns: readonly string[] | null };
/** Is shown the content's bytes, decompressed and as they came, while they are read. */
export type ContentTap = (chunk: Buffer) => void;

const LONGEST_MARK = 3;

/** The content as UTF-8 without its mark. */
async function* textChunks(path: string, encoding: Encoding, tap?: ContentTap): AsyncGenerator<Buffer> {
  const recoder = recoderOf(encoding);
  let head: Buffer | null = Buffer.alloc(0);
  const recode = (chunk: Buffer) => (recoder ? recoder.push(chunk) : chunk);
  for await (const read of await openContent(path)) {
    const chunk = read as Buffer;
    tap?.(chunk);
    if (head === null) yield recode(chunk);
    else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < LONGEST_MARK) continue;
      yield recode(head.subarray(markLength(path, head, encoding)));
      head = null;
    }
  }
  if (head !== null) yield recode(head.subarray(markLength(path, head, encoding)));
  if (recoder) yield recoder.end();
}

async function* frameChunks(path: string, format: FileFormat, tap?: ContentTap): AsyncGenerator<Frame[]> {
  const delimiter = (format.delimiter ?? ',').charCodeAt(0);
  const framer = new Framer({ quotes: format.format === 'csv', delimiter, maximumBytes: format.maximumRecordBytes });
  for await (const chunk of textChunks(path, format.encoding ?? 'utf-8', tap)) yield framer.push(chunk);
  yield framer.finish();
}

/** Reads the header from the first frames, or takes the names that the source states. */
class Columns {
  names: readonly string[] | null = null;
  readonly #path: string;
  readonly #format: FileFormat;

  constructor(path: string, format: FileFormat) {
    this.#path = path;
    this.#format = format;
    if (format.format === 'csv' && Array.isArray(format.header)) this.#take(format.header);
  }

  /** The frames that are records. */
  pass(frames: Frame[]): Frame[] {
    const { format, delimiter = ',' } = this.#format;
    if (format === 'ndjson' || this.names !== null || !frames[0]) return frames;
    this.names = readHeader(this.#path, frames[0], delimiter, this.#format);
    return frames.slice(1);
  }

  assertFound(): void {
    if (this.#format.format === 'ndjson' || this.names !== null) return;
    throw new SourceFailure(
      'incomplete_file',
      `${this.#path}: is empty, and not even a header line is there. Deliver the file again, whole; a day without trade is a header alone.`,
    );
  }

  #take(names: readonly string[]): void {
    assertColumns(this.#path, names, this.#format);
    this.names = names;
  }
}

/**
 * Streams a file's records in their order, a bounded chunk at a time. What one record breaks is its `defect`;
 * what makes the whole file unusable (no header, other encoding, damaged gzip) is a SourceFailure.
 */
export async function* readRecords(path: string, format: FileFormat, tap?: ContentTap): AsyncGenerator<RecordChunk> {
  const columns = new Columns(path, format);
  let parseRows: RowParser | null = format.format === 'ndjson' ? parseNdjson : null;
  try {
    for await (const read of frameChunks(path, format, tap)) {
      const frames = columns.pass(read);
      if (columns.names) parseRows ??= csvParser(columns.names, format.delimiter ?? ',');
      if (frames.length > 0 && parseRows)
        yield { records: toRecords(frames, parseRows, format.encoding), columns: columns.names };
    }
    columns.assertFound();
  } catch (error) {
    throw asSourceFailure(path, error);
  }
}
