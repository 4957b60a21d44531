import type { PreviewDocument } from '../documents.ts';
import { problemLines } from '../output.ts';
import { capturedText, metricsTable } from './close.ts';
import { heading, page } from './table.ts';
import { day } from './values.ts';

/** What a day would be; metrics and what was found wrong with the records. */
export function previewText({ client, businessDate, captured, metrics, problems }: PreviewDocument): string {
  return page(
    `${heading(`${client}, ${day(businessDate)}`)}: a preview; nothing is saved`,
    capturedText(captured),
    metricsTable(metrics),
    problems.length === 0 ? undefined : ['Problems', ...problems.flatMap(problemLines)].join('\n'),
  );
}
