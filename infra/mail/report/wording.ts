import { dayAndMonth, dayOfYear } from './format.ts';
import type { Tone } from './style.ts';
import type { Certificate, ReportChart, ReportRow, ReportView } from './view.ts';

/** The value that may be shown: a number that is not published never gets into a mail, whatever the view carries. */
export function shownValue(row: Pick<ReportRow, 'status' | 'value'>): string | null {
  return row.status === 'published' ? row.value : null;
}

/** Change against the same weekday, where both numbers are shown. */
export function shownChange(row: ReportRow): string | null {
  return shownValue(row) === null || row.sameWeekday?.value == null ? null : row.changePercent;
}

/** The chart of the headline metric; where the day's number is not published, its bar is not shown either. */
export function shownChart(view: ReportView): ReportChart | null {
  const row = headlineRow(view);
  if (view.chart === null || row === null || shownValue(row) !== null) return view.chart;
  const points = view.chart.points.map((point) =>
    point.date === view.businessDate ? { ...point, value: null, note: point.note ?? row.status } : point,
  );
  return { ...view.chart, points };
}

/** Why a row has a dash; null where it has a number. */
export function reasonForDash(row: ReportRow): string | null {
  if (shownValue(row) !== null) return null;
  if (row.status === 'withheld') return `withheld: ${row.withheldReason ?? 'the reason is in the list below'}`;
  return `undefined: ${row.withheldReason ?? 'there is nothing to divide by on this day'}`;
}

/** "since 10 Nov": earlier days of the month are not in the month to date. Empty where it is whole. */
export function sinceWords({ monthToDate, monthSince }: ReportRow, before = ''): string {
  return monthToDate === null || monthSince === null ? '' : `${before}since ${dayAndMonth(monthSince)}`;
}

export function headlineRow(view: ReportView): ReportRow | null {
  return view.rows.find((row) => row.metric === view.headlineMetric) ?? null;
}

export function statusWords(view: ReportView): { label: string; tone: Tone } {
  switch (view.status) {
    case 'published':
      return { label: 'Published', tone: 'good' };
    case 'partially_published':
      return { label: 'Partially published', tone: 'caution' };
    case 'waiting':
      return { label: 'Waiting for a decision', tone: 'caution' };
    default:
      return view.status satisfies never;
  }
}

export function finalityWords(view: ReportView): string {
  if (view.finality === 'final') return 'Final';
  return view.finalOn === null ? 'Provisional' : `Provisional until ${dayOfYear(view.finalOn)}`;
}

/** "7 of 9 numbers are published: 1 reconciled, 6 unreconciled." and what holds the others. */
export function summary(view: ReportView): string {
  const published = view.rows.filter((row) => shownValue(row) !== null);
  const withheld = view.rows.filter((row) => row.status === 'withheld').length;
  const undefinedRows = view.rows.length - published.length - withheld;
  const certificates = countCertificates(published);
  const head = `${published.length} of ${plural(view.rows.length, 'number')} ${published.length === 1 ? 'is' : 'are'} published`;
  const tail = [missing(withheld, 'withheld'), missing(undefinedRows, 'undefined')]
    .filter((part) => part !== '')
    .join(', ');
  return `${head}${certificates === '' ? '' : `: ${certificates}`}.${tail === '' ? '' : ` Without a number, reasons below: ${tail}.`}`;
}

const MEANINGS: Record<Certificate, string> = {
  reconciled: 'our number equals what the platform itself reports, within the tolerance',
  qualified: 'a person accepted a finding on it, with a reason on record',
  unreconciled: 'there is no total of the platform to compare it with',
  lapsed: 'an input changed after it was certified; a revision follows',
};

/** One line for each certificate that occurs in the report. */
export function certificateMeanings(rows: readonly ReportRow[]): string[] {
  const present = new Set(rows.filter((row) => shownValue(row) !== null).map((row) => row.certificate));
  return Object.entries(MEANINGS)
    .filter(([certificate]) => present.has(certificate as Certificate))
    .map(([certificate, meaning]) => `${certificate}: ${meaning}.`);
}

/** Each distinct provenance once, in order of appearance; rows refer to it by its place. */
export function provenanceNotes(rows: readonly ReportRow[]): string[] {
  return [...new Set(rows.map((row) => row.provenance).filter((line) => line !== ''))];
}

function countCertificates(rows: readonly ReportRow[]): string {
  const names = Object.keys(MEANINGS) as Certificate[];
  return names
    .map((name) => ({ name, count: rows.filter((row) => row.certificate === name).length }))
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count} ${name}`)
    .join(', ');
}

function missing(count: number, state: string): string {
  return count === 0 ? '' : `${count} ${state}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
