import { type Block, paragraph } from './blocks.ts';
import type { ReportView } from './view.ts';

/** Lists of a report that may grow with the client: stores, members, adjustments, what is withheld. */
const listsOf = (view: ReportView): number[] => [
  view.rows.length,
  view.yearBefore?.rows.length ?? 0,
  ...view.slices.map((table) => table.rows.length),
  view.withheld.length,
  view.adjustments.length,
];

export const longestList = (view: ReportView): number => Math.max(...listsOf(view));

/** A report whose lists end after so many rows. The client as a whole stands before its stores, so that it stays. */
export function withRows(view: ReportView, rows: number): ReportView {
  return {
    ...view,
    rows: view.rows.slice(0, rows),
    yearBefore: view.yearBefore && { ...view.yearBefore, rows: view.yearBefore.rows.slice(0, rows) },
    slices: view.slices.map((table) => ({ ...table, rows: table.rows.slice(0, rows) })),
    withheld: view.withheld.slice(0, rows),
    adjustments: view.adjustments.slice(0, rows),
  };
}

/** What a reader of the HTML has to know where lists were cut. */
export function shortenedNote(whole: ReportView, shown: ReportView): Block[] {
  const left = listsOf(whole).reduce((sum, one, at) => sum + one - listsOf(shown)[at]!, 0);
  if (left === 0) return [];
  const lines = left === 1 ? '1 more line is' : `${left} more lines are`;
  return [paragraph(`${lines} left out here for length: the plain text part of this mail has them all.`, 'caution')];
}
