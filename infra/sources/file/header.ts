import { isUtf8 } from 'node:buffer';
import { SourceFailure } from '../failure.ts';
import type { Frame } from './frames.ts';
import { csvRows } from './records.ts';

/** What a CSV's columns must be. */
export type ExpectedColumns = {
  /** Columns without which the first line cannot be a header. */
  requiredColumns: readonly string[];
  /** Columns that the schema knows; a first line with none of them is no header. */
  knownColumns?: readonly string[];
};

const LONGEST_SHOWN = 200;

/** What stands in the line is told only where it names a column that is expected: any other file may hold secrets. */
function refuse(path: string, columns: readonly string[], why: string, expected?: ExpectedColumns): never {
  const names = [...(expected?.requiredColumns ?? []), ...(expected?.knownColumns ?? [])];
  const isHeader = names.some((name) => columns.includes(name));
  const found = isHeader ? `, found "${columns.join(',').slice(0, LONGEST_SHOWN)}"` : '';
  throw new SourceFailure(
    'unusable_file',
    `${path}, line 1: not the expected header: ${why}${found}. Deliver the file with its header line, or correct the source's schema.`,
  );
}

/** Throws SourceFailure where columns cannot be those of the source. A column without a name is not read. */
export function assertColumns(path: string, columns: readonly string[], expected: ExpectedColumns): void {
  const named = columns.filter((name) => name !== '');
  const missing = expected.requiredColumns.filter((name) => !named.includes(name));
  if (missing.length > 0) refuse(path, columns, `${missing.join(', ')} missing`, expected);
  const known = expected.knownColumns ?? [];
  if (known.length > 0 && !known.some((name) => named.includes(name)))
    refuse(path, columns, `none of ${known.join(', ').slice(0, LONGEST_SHOWN)}`, expected);
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  if (twice !== undefined) refuse(path, columns, `${twice} stands there twice`, expected);
}

/** The names in a CSV's first line. Throws SourceFailure where it is no header. */
export function readHeader(path: string, frame: Frame, delimiter: string, expected: ExpectedColumns): string[] {
  const text = frame.bytes.toString('utf8');
  if (frame.defect !== null || !isUtf8(frame.bytes) || text.includes('\0'))
    refuse(path, [text.replaceAll('\0', '')], frame.defect ?? 'it is not text in the expected encoding');
  if (text.includes('\r')) refuse(path, [text.slice(0, text.indexOf('\r'))], 'its lines end in CR alone');
  const rows = csvRows(text, delimiter);
  const columns = typeof rows === 'string' ? refuse(path, [text], rows) : rows[0]!;
  assertColumns(path, columns, expected);
  return columns;
}
