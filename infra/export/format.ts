import { stringify } from 'csv-stringify/sync';
import { minorDigits } from '../../domain/currency.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import type { ExportedRow } from '../postgres/export/rows.ts';

export type ExportFormat = 'csv' | 'ndjson';

/** The columns of a file, in their order: those of the warehouse's views. */
export const EXPORT_COLUMNS = [
  'client',
  'store',
  'business_date',
  'metric',
  'definition',
  'dimension',
  'member',
  'version',
  'value',
  'currency',
  'status',
  'finality',
  'final_at',
  'certificate',
  'reason',
  'published_at',
] as const;
type Line = Record<(typeof EXPORT_COLUMNS)[number], string | number | null>;

const withoutZeros = (text: string): string => text.replace(/\.?0+$/, '');

/**
 * Money has the digits of its currency; anything else those that it needs, so that no catalogue decides about the
 * bytes.
 */
function amountOf({ value_micros: micros, currency }: ExportedRow): string | null {
  if (micros === null) return null;
  if (currency !== null) return formatMicros(micros, minorDigits(currency));
  return withoutZeros(formatExact(micros));
}

const lineOf = ({ value_micros: _, ...row }: ExportedRow): Omit<Line, 'value'> => ({
  ...row,
  final_at: row.final_at?.toISOString() ?? null,
  published_at: row.published_at.toISOString(),
});

function* linesOf(page: readonly ExportedRow[]): Generator<Line> {
  for (const row of page) yield { ...lineOf(row), value: amountOf(row) };
}

const asCsv = (page: readonly ExportedRow[]): string =>
  stringify([...linesOf(page)], { columns: [...EXPORT_COLUMNS], record_delimiter: '\n', quoted_match: /[\r\n]/ });

/** A line has the columns in their order; a value is text, as no number of JSON is exact. */
const asNdjson = (page: readonly ExportedRow[]): string =>
  [...linesOf(page)]
    .map((line) => `${JSON.stringify(Object.fromEntries(EXPORT_COLUMNS.map((key) => [key, line[key]])))}\n`)
    .join('');

/** The bytes of a file, page by page. A CSV file has its header also where there is no number. */
export async function* exportText(
  pages: AsyncIterable<readonly ExportedRow[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${EXPORT_COLUMNS.join(',')}\n`;
  for await (const page of pages) yield format === 'csv' ? asCsv(page) : asNdjson(page);
}
