import { headingText } from './blocks-text.ts';
import { type Column, columnsTable } from './columns-table.ts';
import { section, sectionTitle } from './document.ts';
import { DASH, printChange, printNumber } from './format.ts';
import { type Html, html } from './html.ts';
import { COLOUR } from './style.ts';
import { table, wrap } from './text-layout.ts';
import type { ReportView, YearComparison, YearRow } from './view.ts';
import { shortMonth, yearCaption, yearRowNote, yearTitle } from './year-words.ts';

const columnsOf = ({ through, throughBefore }: YearComparison): Column[] => [
  { head: shortMonth(through), look: 'plain' },
  { head: shortMonth(throughBefore), look: 'quiet' },
  { head: 'Change', look: 'plain', wide: true },
];

const changeOf = ({ changePercent }: YearRow): string => (changePercent === null ? DASH : printChange(changePercent));

function figuresOf(row: YearRow, view: ReportView): string[] {
  const print = (value: string) => printNumber(value, row.currency, view);
  return [print(row.value), print(row.valueBefore), changeOf(row)];
}

/** The month so far beside the year before; nothing where there is none. */
export function yearSection(view: ReportView): Html[] {
  const { yearBefore } = view;
  if (yearBefore === null) return [];
  const rows = yearBefore.rows.map((row) => ({
    name: row.title,
    strong: row.metric === view.headlineMetric,
    small: yearRowNote(row, yearBefore),
    narrow: changeOf(row),
    figures: figuresOf(row, view),
    note: null,
  }));
  const caption = html`<p class="muted" style="margin:10px 0 0;font-size:12px;line-height:18px;color:${COLOUR.muted};">${yearCaption(yearBefore)}</p>`;
  return [
    section(
      html`${sectionTitle(yearTitle(yearBefore))}${columnsTable(`Amounts in ${view.currency}`, columnsOf(yearBefore), rows)}${caption}`,
    ),
  ];
}

/** The same as plain text. */
export function yearText(view: ReportView): string[] {
  const { yearBefore } = view;
  if (yearBefore === null) return [];
  const rows = yearBefore.rows.map((row) => {
    const note = yearRowNote(row, yearBefore);
    return [
      note === null ? row.title : `${row.title} (${note})`,
      ...figuresOf(row, view).map((one) => one.replace(DASH, '-')),
    ];
  });
  return [
    ...headingText(yearTitle(yearBefore)),
    ...table([`Amounts in ${view.currency}`, ...columnsOf(yearBefore).map(({ head }) => head)], rows),
    '',
    ...wrap(yearCaption(yearBefore)),
  ];
}
