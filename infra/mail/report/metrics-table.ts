import { DASH, type MoneyFormat, monthName, printChange, printNumber, shortDate } from './format.ts';
import { breakable, type Html, hanging, html, unbroken } from './html.ts';
import { COLOUR, FIGURE, FONT, type Tone, toneStyle } from './style.ts';
import type { Certificate, ReportRow, ReportView } from './view.ts';
import { provenanceNotes, reasonForDash, shownChange, shownValue, sinceWords } from './wording.ts';

const CELL = `padding:9px 0 8px 14px;border-top:1px solid ${COLOUR.line};vertical-align:top;text-align:right;${FIGURE}`;
const HEAD = `padding:0 0 8px 14px;vertical-align:bottom;text-align:right;font-size:12px;line-height:16px;font-weight:600;color:${COLOUR.muted};`;

/** Two figures of more characters than this do not fit beside a title on 375 pixels; the comparison keeps its percentage. */
const LONGEST_ON_A_PHONE = 13;

/** One row a metric: its number, the same weekday, the change, the month to date; a dash says its reason in a row of its own. */
export function metricsTable(view: ReportView): Html {
  const notes = provenanceNotes(view.rows);
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${FONT}font-size:14px;line-height:20px;">
<thead>${headRow(view)}</thead>
<tbody>${view.rows.map((row, at) => html`${metricRow(row, view, notes)}${dashReason(row, view.rows[at + 1])}`)}</tbody>
</table>`;
}

function headRow(view: ReportView): Html {
  const compared = view.rows.find((row) => row.sameWeekday !== null)?.sameWeekday?.date;
  return html`<tr>
<th scope="col" class="muted" style="${HEAD}padding-left:0;text-align:left;">Amounts in ${view.currency}</th>
<th scope="col" class="muted gap" style="${HEAD}">${unbroken(shortDate(view.businessDate))}</th>
<th scope="col" class="muted gap" style="${HEAD}">${compared === undefined ? 'Week before' : html`Against ${unbroken(shortDate(compared))}`}</th>
<th scope="col" class="muted wide" style="${HEAD}">${monthName(view.businessDate)} to date</th>
</tr>`;
}

function metricRow(row: ReportRow, view: ReportView, notes: string[]): Html {
  const strong = row.metric === view.headlineMetric;
  const weight = `font-weight:${strong ? 700 : 400};`;
  const value = shownValue(row);
  return html`<tr>
<th scope="row" class="ink line" style="${CELL}padding-left:0;text-align:left;white-space:normal;font-weight:${strong ? 700 : 500};color:${COLOUR.ink};">${row.title}${monthToDateNarrow(row, view)}${smallPrint(row, notes)}</th>
<td class="ink line gap figure" style="${CELL}color:${COLOUR.ink};${weight}">${hanging(value === null ? DASH : printNumber(value, row.currency, view))}</td>
<td class="ink line gap figure" style="${CELL}color:${COLOUR.ink};${weight}">${comparison(row, view)}</td>
<td class="ink line wide" style="${CELL}color:${COLOUR.ink};${weight}">${hanging(monthToDate(row, view))}${sinceLine(row)}</td>
</tr>`;
}

function comparison(row: ReportRow, money: MoneyFormat): Html {
  const change = shownChange(row);
  const value = row.sameWeekday?.value ?? null;
  const before = value === null ? '' : printNumber(value, row.currency, money);
  const kind = before.length > LONGEST_ON_A_PHONE ? 'muted wide' : 'muted';
  return html`${hanging(change === null ? DASH : printChange(change))}<br><span class="${kind}" style="font-size:12px;line-height:16px;font-weight:400;color:${COLOUR.muted};">${hanging(before)}</span>`;
}

function monthToDate(row: ReportRow, money: MoneyFormat): string {
  return row.monthToDate === null ? DASH : printNumber(row.monthToDate, row.currency, money);
}

function sinceLine(row: ReportRow): Html | null {
  const since = sinceWords(row);
  if (since === '') return null;
  return html`<br><span class="muted" style="font-size:12px;line-height:16px;font-weight:400;color:${COLOUR.muted};">${unbroken(since)}</span>`;
}

/** On a narrow screen the month's column is gone and its figure stands under the title. */
function monthToDateNarrow(row: ReportRow, view: ReportView): Html {
  return html`<div class="narrow muted" style="display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:12px;line-height:17px;font-weight:400;color:${COLOUR.muted};">${monthName(view.businessDate).slice(0, 3)} to date <span style="${FIGURE}">${monthToDate(row, view)}</span>${sinceWords(row, ' ')}</div>`;
}

const CERTIFICATE_TONE: Record<Certificate, Tone | null> = {
  reconciled: 'good',
  qualified: 'caution',
  unreconciled: null,
  lapsed: 'alert',
};

function smallPrint(row: ReportRow, notes: string[]): Html {
  const note = notes.indexOf(row.provenance) + 1;
  const mark = note === 0 ? null : html`<sup style="font-size:10px;line-height:0;padding-left:3px;">${note}</sup>`;
  return html`<div class="muted" style="font-size:12px;line-height:18px;font-weight:400;color:${COLOUR.muted};">${breakable(row.definition)}${certificateMark(row, mark)}</div>`;
}

/** The note stays on the certificate's line. */
function certificateMark(row: ReportRow, note: Html | null): Html | null {
  if (shownValue(row) === null || row.certificate === null) return note;
  const tone = CERTIFICATE_TONE[row.certificate];
  if (tone === null) return html` &middot; <span style="white-space:nowrap;">${row.certificate}${note}</span>`;
  return html` <span style="white-space:nowrap;"><span class="${tone}" style="${toneStyle(tone)}border-radius:8px;padding:0 7px;">${row.certificate}</span>${note}</span>`;
}

/** Rows that follow each other and have one reason say it once, below the last of them. */
function dashReason(row: ReportRow, next: ReportRow | undefined): Html | null {
  const reason = reasonForDash(row);
  if (reason === null || (next && reasonForDash(next) === reason)) return null;
  return html`<tr><td colspan="4" style="padding:0 0 11px;"><div class="caution" style="${toneStyle('caution')}border-radius:6px;padding:7px 12px;font-size:13px;line-height:18px;">${reason}</div></td></tr>`;
}
