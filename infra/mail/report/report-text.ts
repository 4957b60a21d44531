import { adjustmentsText } from './adjustments-section.ts';
import { blocksText, headingText } from './blocks-text.ts';
import { barScale, chartCaption } from './chart.ts';
import { parseDecimal, proportion } from './decimal.ts';
import { longDate, type MoneyFormat, monthName, printChange, printNumber, printShare, shortDate } from './format.ts';
import { pageLinkText } from './page-link.ts';
import { originNotes, reportNotes } from './report-notes.ts';
import { capitalised } from './slices-table.ts';
import { edges, pad, rule, table, tidy, width, wrap } from './text-layout.ts';
import type { ReportChart, ReportRow, ReportView, SliceTable } from './view.ts';
import {
  certificateMeanings,
  finalityWords,
  provenanceNotes,
  reasonForDash,
  shownChange,
  shownChart,
  shownValue,
  sinceWords,
  statusWords,
  summary,
} from './wording.ts';
import { yearText } from './year-section.ts';

const TEXT_DASH = '-';
const BAR_COLUMNS = 36;

/** The report as plain text, aligned at 72 columns, complete without the HTML. */
export function reportText(view: ReportView): string {
  const chart = shownChart(view);
  return tidy([
    ...wrap(view.client.name.toUpperCase()),
    ...edges(longDate(view.businessDate), `${statusWords(view).label}. ${finalityWords(view)}`),
    rule(),
    ...wrap(summary(view)),
    '',
    ...metricLines(view),
    ...(chart === null ? [] : chartLines(chart, view)),
    ...yearText(view),
    ...view.slices.flatMap((slices) => sliceLines(slices, view)),
    ...blocksText(reportNotes(view)),
    ...adjustmentsText(view),
    ...blocksText(originNotes(view)),
    '',
    rule(),
    ...wrap('Figures in parentheses are deductions.'),
    ...certificateMeanings(view.rows).flatMap((line) => wrap(line)),
    ...wrap(`Report ${view.reportId}, version ${view.version}`),
    ...pageLinkText(view.pageUrl),
  ]);
}

function metricLines(view: ReportView): string[] {
  const compared = view.rows.find((row) => row.sameWeekday !== null)?.sameWeekday?.date;
  const head = [
    `Amounts in ${view.currency}`,
    shortDate(view.businessDate),
    compared === undefined ? 'Week before' : shortDate(compared),
    'Change',
    `${monthName(view.businessDate).slice(0, 3)} to date`,
  ];
  const reasons = [...dashLines(view.rows), ...sinceLines(view)];
  return [
    ...table(
      head,
      view.rows.map((row) => metricCells(row, view)),
    ),
    ...(reasons.length === 0 ? [] : ['', ...reasons]),
    '',
    ...certificateLines(view),
  ];
}

function metricCells(row: ReportRow, money: MoneyFormat): string[] {
  const print = (value: string | null) => (value === null ? TEXT_DASH : printNumber(value, row.currency, money));
  const change = shownChange(row);
  const before = row.sameWeekday?.value ?? null;
  return [
    row.title,
    print(shownValue(row)),
    print(before),
    change === null ? TEXT_DASH : printChange(change),
    print(row.monthToDate),
  ];
}

/** Each reason once, with the numbers that it stands for. */
function dashLines(rows: readonly ReportRow[]): string[] {
  const byReason = Map.groupBy(rows, reasonForDash);
  return [...byReason].flatMap(([reason, of]) => (reason === null ? [] : wrap(`${titles(of)}: ${reason}`)));
}

/** Each first day of a month that is not whole, with the numbers that it stands for. */
function sinceLines({ rows, businessDate }: ReportView): string[] {
  const bySince = Map.groupBy(rows, (row) => sinceWords(row));
  const month = monthName(businessDate).slice(0, 3);
  return [...bySince].flatMap(([since, of]) => {
    if (since === '') return [];
    const which = of.length === rows.filter((row) => row.monthToDate !== null).length ? '' : `${titles(of)}: `;
    return wrap(`${which}${month} to date is ${since}; earlier days are not published.`);
  });
}

const titles = (rows: readonly ReportRow[]): string => rows.map((row) => row.title).join('; ');

/** "net_sales@1 reconciled [1]": definition, certificate and the source note of each number. */
function certificateLines(view: ReportView): string[] {
  const notes = provenanceNotes(view.rows);
  const rows = view.rows.map((row) => {
    const note = notes.indexOf(row.provenance) + 1;
    return [
      row.definition,
      shownValue(row) === null ? row.status : (row.certificate ?? ''),
      note === 0 ? '' : `[${note}]`,
    ];
  });
  return table(['Definition', 'Certificate', 'Source'], rows);
}

function chartLines(chart: ReportChart, money: MoneyFormat): string[] {
  const { largest } = barScale(chart.points);
  const days = chart.points.map(({ date, value, note }) => {
    if (value === null) return [shortDate(date), TEXT_DASH, note ?? 'no number'];
    const exact = parseDecimal(value);
    const bar = (exact.units < 0n ? '<' : '#').repeat(proportion(exact, largest, BAR_COLUMNS));
    return [shortDate(date), printNumber(value, chart.currency, money), bar];
  });
  const figureWidth = Math.max(...days.map((day) => width(day[1] ?? '')));
  const lines = days.map(
    ([day = '', figure = '', bar = '']) => `${pad(day, 10, 'left')}  ${pad(figure, figureWidth, 'right')}  ${bar}`,
  );
  return [...headingText(chart.title), ...lines, ...wrap(chartCaption(chart, money))];
}

function sliceLines(slices: SliceTable, money: MoneyFormat): string[] {
  const rows = slices.rows.map((row) => {
    const value = shownValue(row);
    if (value === null) return [row.member, `${TEXT_DASH} ${row.status}`, ''];
    return [
      row.member,
      printNumber(value, slices.currency, money),
      row.sharePercent === null ? '' : printShare(row.sharePercent),
    ];
  });
  const residue =
    slices.residue === null ? [] : [['Rounding', printNumber(slices.residue, slices.currency, money), '']];
  const head = [capitalised(slices.dimension), slices.currency ?? 'Number', 'Share'];
  return [...headingText(slices.title), ...table(head, [...rows, ...residue])];
}
