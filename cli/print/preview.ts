import type { Problem } from '../../schemas/problem.ts';
import type { PreviewDocument } from '../documents.ts';
import { problemLines } from '../output.ts';
import { capturedText, nameOf, reasonsText } from './close.ts';
import { quarantinedText } from './quarantined.ts';
import { type Cell, heading, page, right, table } from './table.ts';
import { amount, day, state } from './values.ts';

const metricsText = ({ metrics }: PreviewDocument): string =>
  table(
    ['Metric', 'Value', 'Status'],
    metrics.map((one): Cell[] => [nameOf(one), right(amount(one.value, one.currency)), state(one.status)]),
  );

const sourcesText = ({ sources }: PreviewDocument): string =>
  table(
    ['Source', 'Status', 'What was found'],
    sources.map(({ source, status, message }) => [source, state(status), message]),
  );

const problemsText = (problems: readonly Problem[]): string | undefined =>
  problems.length === 0 ? undefined : [heading('Problems'), ...problems.flatMap(problemLines)].join('\n');

/** What the close would make of a day: its sources, its numbers, and what was found wrong with its records. */
export function previewText(preview: PreviewDocument): string {
  return page(
    `${heading(`${preview.client}, ${day(preview.businessDate)}`)}: a preview; nothing is saved`,
    capturedText(preview),
    sourcesText(preview),
    metricsText(preview),
    reasonsText(preview.metrics),
    quarantinedText(preview.quarantined, preview.captured.quarantined),
    problemsText(preview.problems),
  );
}
