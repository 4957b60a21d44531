import { type Html, hanging, html } from './html.ts';
import { COLOUR, FIGURE, FONT } from './style.ts';

/**
 * A column of figures. A `wide` one is left out on a narrow screen, where `narrow` of its row stands under the name.
 */
export interface Column {
  head: string;
  look: 'plain' | 'quiet' | 'strong';
  wide?: true;
}

export interface ColumnsRow {
  name: string;
  strong: boolean;
  /** Small print under the name. */
  small: string | null;
  narrow: string | null;
  /** One figure a column. */
  figures: string[];
  /** A line of its own under the row. */
  note: string | null;
}

const LINE = `border-top:1px solid ${COLOUR.line};vertical-align:top;`;
const CELL = `padding:9px 0 8px 14px;${LINE}text-align:right;${FIGURE}`;
const HEAD = `padding:0 0 8px 14px;vertical-align:bottom;text-align:right;font-size:12px;line-height:16px;font-weight:600;color:${COLOUR.muted};`;
const SMALL = `font-size:12px;line-height:18px;font-weight:400;color:${COLOUR.muted};`;
const LOOKS = {
  plain: { kind: 'ink', style: `color:${COLOUR.ink};` },
  quiet: { kind: 'muted', style: `color:${COLOUR.muted};` },
  strong: { kind: 'ink', style: `color:${COLOUR.ink};font-weight:700;` },
} as const;

/** Names on the left, figures under figures on the right. */
export function columnsTable(head: string, columns: readonly Column[], rows: readonly ColumnsRow[]): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${FONT}font-size:14px;line-height:20px;">
<thead><tr>
<th scope="col" class="muted" style="${HEAD}padding-left:0;text-align:left;">${head}</th>
${columns.map(headCell)}
</tr></thead>
<tbody>${rows.map((row) => html`${bodyRow(row, columns)}${noteRow(row, columns)}`)}</tbody>
</table>`;
}

const kindOf = (kind: string, { wide }: Column): string => `${kind}${wide ? ' wide' : ' gap'}`;

function headCell(column: Column): Html {
  return html`<th scope="col" class="${kindOf('muted', column)}" width="21%" style="${HEAD}">${hanging(column.head)}</th>`;
}

function bodyRow({ name, strong, small, narrow, figures }: ColumnsRow, columns: readonly Column[]): Html {
  const smallPrint = small === null ? null : html`<div class="muted" style="${SMALL}">${small}</div>`;
  return html`<tr>
<th scope="row" class="ink line" style="padding:9px 0 8px;${LINE}text-align:left;font-weight:${strong ? 700 : 500};color:${COLOUR.ink};">${name}${smallPrint}${narrow === null ? null : narrowLine(narrow)}</th>
${columns.map((column, at) => figureCell(figures[at] ?? '', column, strong))}
</tr>`;
}

function figureCell(figure: string, column: Column, strong: boolean): Html {
  const { kind, style } = LOOKS[strong && column.look === 'plain' ? 'strong' : column.look];
  return html`<td class="${kindOf(`${kind} line figure`, column)}" style="${CELL}${style}">${hanging(figure)}</td>`;
}

function narrowLine(text: string): Html {
  return html`<div class="narrow muted" style="display:none;max-height:0;overflow:hidden;mso-hide:all;${SMALL}"><span style="${FIGURE}">${text}</span></div>`;
}

function noteRow({ note }: ColumnsRow, columns: readonly Column[]): Html | null {
  if (note === null) return null;
  return html`<tr><td colspan="${columns.length + 1}" class="muted" style="padding:0 0 11px;font-size:13px;line-height:19px;color:${COLOUR.muted};">${note}</td></tr>`;
}
