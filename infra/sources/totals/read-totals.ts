import { createHash } from 'node:crypto';
import { parseMicros } from '../../../domain/money.ts';
import type { Control } from '../../../schemas/operating-model.ts';
import { SourceFailure } from '../failure.ts';
import { locateFile, slotPath } from '../file/locate.ts';
import { readRecords } from '../file/read.ts';

/** A platform's own number, as read. `store` and `slice` are null where the file does not break it down. */
export type ReadTotal = { store: string | null; slice: string | null; valueMicros: bigint };
export type TotalsOfDay = { path: string; contentHash: string; totals: readonly ReadTotal[] };
export type FileControl = Extract<Control, { connector: 'file' }>;

const LIMIT_BYTES = 1 << 20;

function toTotal(control: FileControl, path: string, row: Readonly<Record<string, unknown>>): ReadTotal {
  const { valueField, sliceField, storeField } = control.options;
  const text = String(row[valueField] ?? '');
  try {
    const member = (field: string | undefined) => (field ? String(row[field] ?? '') : null);
    return { valueMicros: parseMicros(text), store: member(storeField), slice: member(sliceField) };
  } catch {
    throw new SourceFailure(
      'unusable_file',
      `${path}: ${valueField} is "${text}", expected an amount such as 120.50. Correct the total.`,
    );
  }
}

/** Reads a day's source-reported totals from a control's file, none where it does not name the day; null where it is not there. */
export async function readTotals(
  control: FileControl,
  date: string,
  roots: readonly string[],
): Promise<TotalsOfDay | null> {
  const { location, format, delimiter, encoding, header, dateField, valueField } = control.options;
  const path = await locateFile(slotPath(location, date), roots);
  if (!path) return null;
  const digest = createHash('sha256');
  const totals: ReadTotal[] = [];
  const required = dateField ? [dateField, valueField] : [valueField];
  for await (const chunk of readRecords(path, {
    format,
    delimiter,
    encoding,
    header,
    requiredColumns: required,
    maximumRecordBytes: LIMIT_BYTES,
  }))
    for (const record of chunk.records) {
      if (!record.row || (dateField && record.row[dateField] !== date)) continue;
      digest.update(record.bytes);
      totals.push(toTotal(control, path, record.row));
    }
  return { path, contentHash: digest.digest('hex'), totals };
}
