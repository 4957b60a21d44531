import { parseDecimal, proportion } from './decimal.ts';
import { DASH, type MoneyFormat, printNumber, printShare } from './format.ts';
import { breakable, type Html, hanging, html } from './html.ts';
import { COLOUR, FIGURE, FONT } from './style.ts';
import type { SliceRow, SliceTable } from './view.ts';
import { shownValue } from './wording.ts';

const CELL = `padding:8px 0 8px 14px;border-top:1px solid ${COLOUR.line};text-align:right;${FIGURE}`;
const HEAD = `padding:0 0 6px 14px;text-align:right;font-size:12px;line-height:16px;font-weight:600;color:${COLOUR.muted};`;

/** A metric by a dimension, with a bar for each share; what rounding leaves is a line of its own. */
export function slicesTable(table: SliceTable, money: MoneyFormat): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${FONT}font-size:14px;line-height:20px;">
<thead><tr>
<th scope="col" class="muted" style="${HEAD}padding-left:0;text-align:left;">${capitalised(table.dimension)}</th>
<th scope="col" class="muted" style="${HEAD}">${hanging(table.currency ?? 'Number')}</th>
<th scope="col" class="muted" style="${HEAD}">Share</th>
<td class="wide" width="150" style="${HEAD}width:150px;"></td>
</tr></thead>
<tbody>${table.rows.map((row) => sliceRow(row, table, money))}${residueRow(table, money)}</tbody>
</table>`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sliceRow(row: SliceRow, table: SliceTable, money: MoneyFormat): Html {
  const value = shownValue(row);
  const share = value === null ? null : row.sharePercent;
  return html`<tr>
<th scope="row" class="ink line" style="${CELL}padding-left:0;text-align:left;white-space:normal;font-weight:400;color:${COLOUR.ink};">${breakable(row.member)}</th>
<td class="ink line" style="${CELL}color:${COLOUR.ink};">${hanging(value === null ? `${DASH} ${row.status}` : printNumber(value, table.currency, money))}</td>
<td class="muted line" style="${CELL}color:${COLOUR.muted};">${share === null ? '' : printShare(share)}</td>
<td class="line wide" style="${CELL}">${shareBar(share)}</td>
</tr>`;
}

function shareBar(share: string | null): Html | null {
  const percent =
    share === null || share.startsWith('-') ? 0 : proportion(parseDecimal(share), parseDecimal('100'), 100);
  if (percent === 0) return null;
  const width = Math.min(percent, 100);
  return html`<table role="presentation" width="${width}%" cellpadding="0" cellspacing="0" border="0" align="left"><tr><td class="bar" height="8" style="height:8px;font-size:0;line-height:0;background-color:${COLOUR.bar};border-radius:4px;">&nbsp;</td></tr></table>`;
}

function residueRow(table: SliceTable, money: MoneyFormat): Html | null {
  if (table.residue === null) return null;
  return html`<tr>
<th scope="row" class="muted line" style="${CELL}padding-left:0;text-align:left;font-weight:400;color:${COLOUR.muted};">Rounding</th>
<td class="muted line" style="${CELL}color:${COLOUR.muted};">${hanging(printNumber(table.residue, table.currency, money))}</td>
<td class="line" style="${CELL}"></td><td class="line wide" style="${CELL}"></td>
</tr>`;
}
