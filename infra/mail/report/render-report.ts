import { adjustmentsSection } from './adjustments-section.ts';
import { blocksHtml } from './blocks-html.ts';
import { chartCaption, chartTable } from './chart.ts';
import { CARD_END, mailDocument, section, sectionTitle } from './document.ts';
import { DASH, printWithCode, shortDate } from './format.ts';
import { type Html, html, visible } from './html.ts';
import { fitting } from './largest.ts';
import { metricsTable } from './metrics-table.ts';
import { pageLinkHtml } from './page-link.ts';
import { reportHeader } from './report-header.ts';
import { originNotes, reportNotes } from './report-notes.ts';
import { reportText } from './report-text.ts';
import { longestList, shortenedNote, withRows } from './shortened.ts';
import { slicesTable } from './slices-table.ts';
import { COLOUR } from './style.ts';
import type { RenderedMail, ReportChart, ReportView } from './view.ts';
import { certificateMeanings, headlineRow, shownChart, shownValue, statusWords, summary } from './wording.ts';
import { yearSection } from './year-section.ts';

/**
 * The nightly report of one client and business day. Pure: the same view gives the same mail, byte for byte.
 * Throws RangeError for an amount that is no decimal string.
 */
export function renderReport(view: ReportView): RenderedMail {
  const html = fitting(longestList(view), (rows) => reportHtml(view, withRows(view, rows)));
  return { subject: reportSubject(view), html, text: reportText(view) };
}

/** "Online Retail, Wed 1 Dec 2010: net sales GBP 57,321.30"; a day that is not whole says so first. */
function reportSubject(view: ReportView): string {
  const row = headlineRow(view);
  const value = row === null ? null : shownValue(row);
  const number =
    row === null
      ? ''
      : `${row.title.toLowerCase()} ${value === null ? DASH : printWithCode(value, row.currency, view)}`;
  const status = view.status === 'published' ? '' : statusWords(view).label.toLowerCase();
  const day = `${shortDate(view.businessDate)} ${view.businessDate.slice(0, 4)}`;
  return visible(`${view.client.name}, ${day}: ${[status, number].filter((part) => part !== '').join(', ')}`);
}

function reportHtml(whole: ReportView, view: ReportView): string {
  const chart = shownChart(view);
  return mailDocument({
    title: `${view.client.name}, ${view.businessDate}`,
    preheader: summary(whole),
    sections: [
      section(reportHeader(whole), 28),
      ...(chart === null ? [] : [chartSection(chart, view)]),
      section(html`${sectionTitle('The day in numbers')}${metricsTable(view)}`),
      ...yearSection(view),
      ...view.slices.map((table) => section(html`${sectionTitle(table.title)}${slicesTable(table, view)}`)),
      ...blocksHtml(reportNotes(view)),
      ...adjustmentsSection(view),
      ...blocksHtml([...shortenedNote(whole, view), ...originNotes(view)]),
      CARD_END,
    ],
    footer: reportFooter(view),
  });
}

function chartSection(chart: ReportChart, view: ReportView): Html {
  const caption = html`<p class="muted" style="margin:10px 0 0;font-size:12px;line-height:18px;color:${COLOUR.muted};">${chartCaption(chart, view)}</p>`;
  return section(html`${sectionTitle(chart.title)}${chartTable(chart, view)}${caption}`);
}

function reportFooter(view: ReportView): Html {
  const lines = ['Figures in parentheses are deductions.', ...certificateMeanings(view.rows)];
  return html`${lines.map((line) => html`${line}<br>`)}<br>Report ${view.reportId}, version ${view.version}${pageLinkHtml(view.pageUrl)}`;
}
