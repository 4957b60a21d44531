import { headingText } from './blocks-text.ts';
import { columnsTable } from './columns-table.ts';
import { section, sectionTitle } from './document.ts';
import { dayOfYear, monthName, printNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { COLOUR } from './style.ts';
import { table, wrap } from './text-layout.ts';
import type { AdjustmentItem, ReportView } from './view.ts';

const TITLE = 'Adjustments to earlier months';

const leadOf = ({ businessDate }: ReportView): string =>
  `They came after their month was locked, so its numbers stay as they are: these count in ${monthName(businessDate)}, beside its days, and no daily number contains them.`;

const nameOf = ({ title, place }: AdjustmentItem): string => (place === null ? title : `${title}, ${place}`);

const amountOf = ({ amount, currency }: AdjustmentItem, view: ReportView): string =>
  printNumber(amount, currency, view);

/** What came for months that are locked; nothing where nothing did. */
export function adjustmentsSection(view: ReportView): Html[] {
  if (view.adjustments.length === 0) return [];
  const rows = view.adjustments.map((item) => ({
    name: nameOf(item),
    strong: false,
    small: `${dayOfYear(item.eventDate)}: ${item.reason}`,
    narrow: null,
    figures: [amountOf(item, view)],
    note: null,
  }));
  const lead = html`<p class="muted" style="margin:0 0 10px;font-size:13px;line-height:19px;color:${COLOUR.muted};">${leadOf(view)}</p>`;
  return [
    section(
      html`${sectionTitle(TITLE)}${lead}${columnsTable(`Amounts in ${view.currency}`, [{ head: 'Amount', look: 'plain' }], rows)}`,
    ),
  ];
}

/** The same as plain text. */
export function adjustmentsText(view: ReportView): string[] {
  if (view.adjustments.length === 0) return [];
  const rows = view.adjustments.map((item) => [
    `${dayOfYear(item.eventDate)}, ${nameOf(item)}: ${item.reason}`,
    amountOf(item, view),
  ]);
  return [...headingText(TITLE), ...wrap(leadOf(view)), '', ...table([`Amounts in ${view.currency}`, 'Amount'], rows)];
}
