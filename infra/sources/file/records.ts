import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { Frame } from './frames.ts';
import { type Encoding, UNREADABLE } from './text.ts';

type Json = Readonly<Record<string, unknown>>;

/** One record of a file: as bytes, as text where it is valid text, and as an object where it parses. */
export type FileRecord = {
  line: number;
  bytes: Buffer;
  text: string | null;
  row: Json | null;
  defect: string | null;
  /** sha256 of the whole record in hex, where `bytes` holds only its beginning. */
  wholeHash: string | null;
};
export type RowParser = (texts: readonly string[]) => (Json | string)[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `\u0000` that is not itself escaped: a character that no text column can hold. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

/** As many digits as an integer needs to be more than JavaScript holds exactly. */
const MANY_DIGITS = /[:,[]\s*-?[0-9]{16}/;

/** Throws for an integer that would become another one: two ids could become the same. */
function refuseInexact(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?[0-9]+$/.test(source ?? ''))
    throw new RangeError(`${source} is larger than a number holds exactly; write it as text`);
  return value;
}

function parseJson(text: string): Json | string {
  if (ESCAPED_NUL.test(text)) return 'the record holds a NUL character';
  try {
    const value: unknown = MANY_DIGITS.test(text) ? JSON.parse(text, refuseInexact as never) : JSON.parse(text);
    return isObject(value) ? value : 'the record is not a JSON object';
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    return `the record is not valid JSON: ${(error as Error).message}`;
  }
}

/** Parses NDJSON records; a record that does not parse yields the reason instead. */
export const parseNdjson: RowParser = (texts) => texts.map(parseJson);

function toRow(header: readonly string[], cells: readonly string[]): Record<string, unknown> | string {
  if (cells.length !== header.length) return `the record has ${cells.length} columns, the header has ${header.length}`;
  const row: Record<string, unknown> = {};
  for (let at = 0; at < cells.length; at += 1) if (cells[at] !== '' && header[at] !== '') row[header[at]!] = cells[at];
  return row;
}

/** Records are already apart: any other end of line inside one belongs to it. */
const asCsv = (delimiter: string) => ({ delimiter, relax_column_count: true, record_delimiter: '\n' }) as const;

/** The rows of a CSV text, or why it is none. */
export function csvRows(text: string, delimiter: string): string[][] | string {
  try {
    return parse(text, asCsv(delimiter)) as string[][];
  } catch (error) {
    return `the record is not valid CSV: ${(error as Error).message}`;
  }
}

function parseOneCsv(text: string, header: readonly string[], delimiter: string): Json | string {
  const rows = csvRows(text, delimiter);
  if (typeof rows === 'string') return rows;
  return rows.length === 1 ? toRow(header, rows[0]!) : `the record is ${rows.length} lines of a CSV`;
}

/** Parses CSV records under a header; an empty cell is absent. Many at once, one by one only where some are damaged. */
export function csvParser(header: readonly string[], delimiter: string): RowParser {
  return (texts) => {
    const rows = csvRows(texts.join('\n'), delimiter);
    if (typeof rows !== 'string' && rows.length === texts.length) return rows.map((cells) => toRow(header, cells));
    return texts.map((text) => parseOneCsv(text, header, delimiter));
  };
}

/** Why bytes cannot be kept as text; null where they can. */
function textDefect(bytes: Buffer, encoding: Encoding): string | null {
  if (!isUtf8(bytes) || (encoding !== 'utf-8' && bytes.includes(UNREADABLE)))
    return `the record is not valid ${encoding.toUpperCase()} text`;
  return bytes.includes(0) ? 'the record holds a NUL character' : null;
}

const unreadable = ({ line, bytes, wholeHash }: Frame, defect: string): FileRecord => ({
  line,
  bytes,
  text: null,
  row: null,
  defect,
  wholeHash,
});

/** Turns frames, which hold UTF-8, into records, in order. `encoding` is that of the file. */
export function toRecords(frames: readonly Frame[], parseRows: RowParser, encoding: Encoding = 'utf-8'): FileRecord[] {
  const defects = frames.map((frame) => frame.defect ?? textDefect(frame.bytes, encoding));
  const texts = frames.filter((_, at) => defects[at] === null).map((frame) => frame.bytes.toString('utf8'));
  const rows = parseRows(texts);
  let next = 0;
  return frames.map((frame, at) => {
    const defect = defects[at]!;
    if (defect !== null) return unreadable(frame, defect);
    const parsed = rows[next]!;
    const text = texts[next]!;
    next += 1;
    const { line, bytes, wholeHash } = frame;
    const failed = typeof parsed === 'string';
    return { line, bytes, text, row: failed ? null : parsed, defect: failed ? parsed : null, wholeHash };
  });
}
