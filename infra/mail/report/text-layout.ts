import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { visible } from './html.ts';

export const WIDTH = 72;

export interface Column {
  align: 'left' | 'right';
}

/** Text in lines of at most `width` columns; a longer word is broken, no-break spaces become plain ones. */
export function wrap(text: string, width = WIDTH): string[] {
  const plain = visible(text).replaceAll('\u00A0', ' ').trim();
  return wrapAnsi(plain, width, { hard: true }).split('\n');
}

/** A bullet or number, and the text hanging beside it. */
export function hanging(mark: string, text: string): string[] {
  const indent = ' '.repeat(mark.length + 1);
  return wrap(text, WIDTH - indent.length).map((line, i) => (i === 0 ? `${mark} ${line}` : indent + line));
}

/** `left` and `right` at the two edges of a line, on two lines where they do not fit. */
export function edges(left: string, right: string): string[] {
  const room = WIDTH - width(left) - width(right);
  return room >= 2 ? [left + ' '.repeat(room) + right] : [...wrap(left), pad(right, WIDTH, 'right')];
}

/**
 * Rows under each other in columns, the first taking what the others leave and wrapping there. Where less than 16 columns
 * would be left for it, each row stands alone: its first cell, then the others with their heads.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const set = rows.map((row) =>
    row.map((cell, i) => (i > 0 && hasDeduction(rows, i) && !cell.endsWith(')') ? `${cell} ` : cell)),
  );
  const widths = head.map((cell, i) => Math.max(...[cell, ...set.map((row) => row[i] ?? '')].map(width)));
  const others = widths.slice(1).reduce((sum, one) => sum + one + 2, 0);
  const first = WIDTH - others;
  if (first < 16) return [...wrap(head[0] ?? ''), ...rows.flatMap((row) => ['', ...standing(head, row)])];
  return [head, ...set].flatMap((row) => tableRow(row, [first, ...widths.slice(1)]));
}

/** Then the closing parenthesis hangs out, and digits stand under digits. */
function hasDeduction(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.some((row) => row[column]?.endsWith(')'));
}

export function rule(): string {
  return '-'.repeat(WIDTH);
}

export function pad(text: string, columns: number, align: Column['align']): string {
  const room = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'left' ? text + room : room + text;
}

export function width(text: string): number {
  return stringWidth(text);
}

function tableRow(row: readonly string[], widths: readonly number[]): string[] {
  const [first = '', ...others] = row;
  const lines = wrap(first, widths[0]);
  const figures = others.map((cell, i) => `  ${pad(cell, widths[i + 1] ?? 0, 'right')}`).join('');
  return lines.map((line, i) => (i === 0 ? pad(line, widths[0] ?? 0, 'left') + figures : line).trimEnd());
}

function standing(head: readonly string[], row: readonly string[]): string[] {
  const [first = '', ...others] = row;
  const named = others.flatMap((cell, i) => (cell === '' ? [] : edges(`  ${head[i + 1] ?? ''}`, cell)));
  return [...wrap(first), ...named];
}

/** No-break spaces belong to HTML, and no line ends in blanks. */
export function tidy(lines: readonly string[]): string {
  return `${lines.map((line) => line.replaceAll('\u00A0', ' ').trimEnd()).join('\n')}\n`;
}
