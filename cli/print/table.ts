import Table from 'cli-table3';
import { colors } from '../colors.ts';
import { cleanLine } from '../text.ts';

export type Cell = string | { text: string; align?: 'left' | 'right'; tone?: Tone };
export type Tone = 'good' | 'caution' | 'bad' | 'quiet';

const TONES: Record<Tone, (text: string) => string> = {
  good: colors.green,
  caution: colors.yellow,
  bad: colors.red,
  quiet: colors.dim,
};

export const toned = (text: string, tone: Tone | undefined): string => (tone === undefined ? text : TONES[tone](text));

const LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const cellOf = (cell: Cell) => {
  if (typeof cell === 'string') return cleanLine(cell);
  return { content: toned(cleanLine(cell.text), cell.tone), hAlign: cell.align ?? 'left' };
};

/** A value that lines up on the right, such as an amount. */
export const right = (text: string, tone?: Tone): Cell => ({ text, align: 'right', tone });

/** Columns without lines between them, as other command-line tools print them: good to read and to cut. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const made = new Table({
    head: head.map((title) => colors.bold(title)),
    chars: LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) made.push(row.map(cellOf));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

export const heading = (text: string): string => colors.bold(cleanLine(text));

/** Parts of a page, an empty line between them; empty parts are left out. */
export const page = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part): part is string => part !== undefined && part !== '').join('\n\n');
