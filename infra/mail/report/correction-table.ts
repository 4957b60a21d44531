import type { CorrectionItem, CorrectionView } from './correction-view.ts';
import { correctedValue, correctionName, signedChange, whyWords } from './correction-words.ts';
import { type Html, hanging, html } from './html.ts';
import { COLOUR, FIGURE, FONT } from './style.ts';

const CELL = `padding:9px 0 8px 14px;border-top:1px solid ${COLOUR.line};vertical-align:top;text-align:right;${FIGURE}`;
const HEAD = `padding:0 0 8px 14px;vertical-align:bottom;text-align:right;font-size:12px;line-height:16px;font-weight:600;color:${COLOUR.muted};`;
const SMALL = `font-size:12px;line-height:18px;font-weight:400;color:${COLOUR.muted};`;

/** The corrected numbers of one business day: what was reported, what holds now, and why, once for rows that share it. */
export function correctionTable(items: readonly CorrectionItem[], view: CorrectionView): Html {
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${FONT}font-size:14px;line-height:20px;">
<thead><tr>
<th scope="col" class="muted" style="${HEAD}padding-left:0;text-align:left;">Amounts in ${view.currency}</th>
<th scope="col" class="muted gap" style="${HEAD}">Reported</th>
<th scope="col" class="muted gap" style="${HEAD}">Now</th>
<th scope="col" class="muted wide" style="${HEAD}">Change</th>
</tr></thead>
<tbody>${items.map((item, at) => html`${itemRow(item, view)}${whyRow(item, items[at + 1])}`)}</tbody>
</table>`;
}

function itemRow(item: CorrectionItem, view: CorrectionView): Html {
  const change = signedChange(item, view);
  return html`<tr>
<th scope="row" class="ink line" style="${CELL}padding-left:0;text-align:left;white-space:normal;font-weight:600;color:${COLOUR.ink};">${correctionName(item)}<div class="muted" style="${SMALL}">version ${item.version}</div>${changeNarrow(change)}</th>
<td class="muted line gap figure" style="${CELL}color:${COLOUR.muted};">${hanging(correctedValue(item.old, item, view))}</td>
<td class="ink line gap figure" style="${CELL}font-weight:700;color:${COLOUR.ink};">${hanging(correctedValue(item.new, item, view))}</td>
<td class="ink line wide" style="${CELL}color:${COLOUR.ink};">${hanging(change)}</td>
</tr>`;
}

/** On a narrow screen the column of changes is gone and the change stands under the name. */
function changeNarrow(change: string): Html {
  return html`<div class="narrow muted" style="display:none;max-height:0;overflow:hidden;mso-hide:all;${SMALL}"><span style="${FIGURE}">${change}</span></div>`;
}

function whyRow(item: CorrectionItem, next: CorrectionItem | undefined): Html | null {
  if (next && whyWords(next) === whyWords(item)) return null;
  return html`<tr><td colspan="4" class="muted" style="padding:0 0 11px;font-size:13px;line-height:19px;color:${COLOUR.muted};">${whyWords(item)}</td></tr>`;
}
