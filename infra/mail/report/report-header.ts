import { DASH, longDate, monthName, NBSP, printChange, printWithCode } from './format.ts';
import { type Html, html } from './html.ts';
import { COLOUR, FONT, toneStyle } from './style.ts';
import type { ReportRow, ReportView } from './view.ts';
import {
  finalityWords,
  headlineRow,
  reasonForDash,
  shownChange,
  shownValue,
  sinceWords,
  statusWords,
  summary,
} from './wording.ts';
import { longMonth } from './year-words.ts';

/** Client, date, status, and the headline number set large. */
export function reportHeader(view: ReportView): Html {
  const { label, tone } = statusWords(view);
  const row = headlineRow(view);
  return html`<h1 class="ink" style="margin:0;${FONT}font-size:20px;line-height:28px;font-weight:700;color:${COLOUR.ink};">${view.client.name}</h1>
<div class="muted" style="font-size:14px;line-height:21px;color:${COLOUR.muted};">${longDate(view.businessDate)}</div>
<div style="padding-top:10px;font-size:12px;line-height:20px;"><span class="${tone}" style="${toneStyle(tone)}display:inline-block;border-radius:11px;padding:1px 11px;font-weight:600;">${label}</span> &nbsp;<span class="muted" style="color:${COLOUR.muted};">${finalityWords(view)}</span></div>
${row === null ? null : headline(row, view)}
<p class="muted" style="margin:14px 0 0;font-size:13px;line-height:19px;color:${COLOUR.muted};">${summary(view)}</p>`;
}

function headline(row: ReportRow, view: ReportView): Html {
  const value = shownValue(row);
  const printed = value === null ? DASH : printWithCode(value, row.currency, view);
  return html`<div class="muted" style="padding-top:22px;font-size:13px;line-height:18px;color:${COLOUR.muted};">${row.title}</div>
<div class="hero ink" style="${FONT}font-size:40px;line-height:48px;font-weight:700;letter-spacing:-0.5px;font-variant-numeric:tabular-nums;color:${COLOUR.ink};">${largeNumber(printed)}</div>
<div class="ink" style="font-size:14px;line-height:21px;color:${COLOUR.ink};">${value === null ? reasonForDash(row) : comparisonLine(row, view)}</div>`;
}

/** The code before the number is set smaller than the number. */
function largeNumber(printed: string): Html {
  const [code, figure] = printed.split(NBSP);
  if (code === undefined || figure === undefined) return html`${printed}`;
  return html`<span class="muted" style="font-size:22px;font-weight:500;letter-spacing:0;color:${COLOUR.muted};">${code}</span>&nbsp;${figure}`;
}

function comparisonLine(row: ReportRow, view: ReportView): Html {
  const change = shownChange(row);
  const parts = [change === null ? null : changeWords(change, row, view), monthWords(row, view)].filter(
    (part) => part !== null,
  );
  return html`${parts.map((part, i) => (i === 0 ? part : html`<br>${part}`))}`;
}

function changeWords(change: string, row: ReportRow, view: ReportView): Html {
  const before = row.sameWeekday;
  if (before?.value == null) return html`${printChange(change)}`;
  return html`<strong>${arrow(change)} ${printChange(change)}</strong> against ${longDate(before.date)}: ${printWithCode(before.value, row.currency, view)}`;
}

function monthWords(row: ReportRow, view: ReportView): Html | null {
  if (row.monthToDate === null) return null;
  return html`<span class="muted" style="color:${COLOUR.muted};">${monthName(view.businessDate)} to date ${printWithCode(row.monthToDate, row.currency, view)}${sinceWords(row, ', ')}${yearWords(row, view)}</span>`;
}

/** ", +4.5 % on the same days of December 2009" */
function yearWords({ metric }: ReportRow, { yearBefore }: ReportView): string {
  const row = yearBefore?.rows.find((one) => one.metric === metric);
  if (!yearBefore || row?.changePercent == null) return '';
  return `, ${printChange(row.changePercent)} on the same days of ${longMonth(yearBefore.throughBefore)}`;
}

function arrow(change: string): string {
  return printChange(change).startsWith('+') ? '\u25B2' : /[1-9]/.test(printChange(change)) ? '\u25BC' : '\u25B6';
}
