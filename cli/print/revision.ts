import type { RevisionPreview } from '../documents.ts';
import { cleanLine } from '../text.ts';
import { type Cell, heading, page, right, table } from './table.ts';
import { amount, day } from './values.ts';

type Total = RevisionPreview['metrics'][number];

const nameOf = ({ metric, store }: Total): string => (store ? `${metric}, ${store}` : metric);

const rowOf = (one: Total): Cell[] => [
  nameOf(one),
  right(amount(one.before, one.currency)),
  right(amount(one.after, one.currency)),
  `version ${one.version}, ${one.finality}`,
];

function changesText({ metrics }: RevisionPreview): string {
  const changed = metrics.filter((one) => one.before !== one.after);
  if (changed.length === 0) return 'Nothing would change: the sources say what is published.';
  return table(['Metric', 'Published', 'Would be', 'Now'], changed.map(rowOf));
}

function withheldText({ metrics }: RevisionPreview): string | undefined {
  const held = metrics.filter((one) => one.withheld !== null);
  if (held.length === 0) return undefined;
  return [
    heading('Would not be revised'),
    ...held.map((one) => `${cleanLine(nameOf(one))}: ${cleanLine(one.withheld!)}`),
  ].join('\n');
}

const sourcesText = ({ sources }: RevisionPreview): string =>
  sources.map((one) => `${cleanLine(one.source)}: ${cleanLine(one.message)}`).join('\n');

/** What a revision would come to, number by number. */
export const revisionText = (preview: RevisionPreview): string =>
  page(
    `${heading(`${preview.client}, ${day(preview.businessDate)}`)}: what a revision would change; nothing is saved`,
    changesText(preview),
    withheldText(preview),
    sourcesText(preview),
    preview.otherDays.length === 0
      ? undefined
      : `Records of other days would change too: ${preview.otherDays.join(', ')}.`,
  );
