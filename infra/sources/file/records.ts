import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import type { Frame } from './frames.ts';

/** One record of a file: as bytes, as text where it is valid text, and as an object where it parses. */
export type FileRecord = {
  line: number;
  bytes: Buffer;
  text: string | null;
  row: Readonly<Record<string, unknown>> | null;
  defect: string | null;
};
export type RowParser = (texts: readonly string[]) => (Readonly<Record<string, unknown>> | string)[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseJson(text: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : 'the record is not a JSON object';
  } catch (error) {
    return `the record is not valid JSON: ${(error as Error).message}`;
  }
}

/** Parses NDJSON records; a record that does not parse yields the reason instead. */
export const parseNdjson: RowParser = (texts) => texts.map(parseJson);

function toRow(header: readonly string[], cells: readonly string[]): Record<string, unknown> | string {
  if (cells.length !== header.length) return `the record has ${cells.length} columns, the header has ${header.length}`;
  const row: Record<string, unknown> = {};
  for (let at = 0; at < cells.length; at += 1) if (cells[at] !== '') row[header[at]!] = cells[at];
  return row;
}

function cellsOf(texts: readonly string[], delimiter: string): string[][] | null {
  try {
    const records: string[][] = parse(texts.join('\n'), { delimiter, relax_column_count: true });
    return records.length === texts.length ? records : null;
  } catch {
    return null;
  }
}

function parseOneCsv(text: string, header: readonly string[], delimiter: string): Record<string, unknown> | string {
  try {
    const [cells]: string[][] = parse(text, { delimiter, relax_column_count: true });
    return cells ? toRow(header, cells) : 'the record is empty';
  } catch (error) {
    return `the record is not valid CSV: ${(error as Error).message}`;
  }
}

/** Parses CSV records under a header; an empty cell is absent. Many at once, one by one only where some are damaged. */
export function csvParser(header: readonly string[], delimiter: string): RowParser {
  return (texts) => {
    const cells = cellsOf(texts, delimiter);
    if (cells) return cells.map((one) => toRow(header, one));
    return texts.map((text) => parseOneCsv(text, header, delimiter));
  };
}

/** The column names that a header line states. */
export function csvHeader(text: string, delimiter: string): string[] {
  return (parse(text, { delimiter }) as string[][])[0] ?? [];
}

const storableText = (bytes: Buffer): boolean => isUtf8(bytes) && !bytes.includes(0);

function withoutText(frame: Frame): FileRecord {
  const defect = frame.defect ?? 'the record is not valid UTF-8 text';
  return { line: frame.line, bytes: frame.bytes, text: null, row: null, defect };
}

/** Turns frames into records, in order. */
export function toRecords(frames: readonly Frame[], parseRows: RowParser): FileRecord[] {
  const readable = frames.map((frame) => frame.defect === null && storableText(frame.bytes));
  const texts = frames.filter((_, at) => readable[at]).map((frame) => frame.bytes.toString('utf8'));
  const rows = parseRows(texts);
  let next = 0;
  return frames.map((frame, at) => {
    if (!readable[at]) return withoutText(frame);
    const parsed = rows[next]!;
    const text = texts[next]!;
    next += 1;
    const failed = typeof parsed === 'string';
    return { line: frame.line, bytes: frame.bytes, text, row: failed ? null : parsed, defect: failed ? parsed : null };
  });
}
