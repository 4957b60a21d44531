const cell = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** One line of CSV (RFC 4180) without its end; a column that a row has not is an empty cell. */
export const csvLine = (columns: readonly string[], row: Readonly<Record<string, string>>): string =>
  columns.map((column) => cell(row[column] ?? '')).join(',');

/** A header line and one line a row. */
export const csvText = (columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string =>
  `${[columns.join(','), ...rows.map((row) => csvLine(columns, row))].join('\n')}\n`;
