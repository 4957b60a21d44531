import { stringify } from 'yaml';
import type { Explanation } from '../documents.ts';
import { clean, words } from '../text.ts';
import { heading, page, toned } from './table.ts';
import { amount, day } from './values.ts';

/** What the first lines say already. */
const IN_HEADING = ['client', 'metric', 'businessDate', 'value', 'currency', 'version', 'recomputed'];

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

/** `transformVersions` and `transform_versions` as a heading. */
const titleOf = (key: string) =>
  words(key.replace(/([a-z])([A-Z])/g, '$1 $2'))
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase());

const indented = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

function section([key, value]: [string, unknown]): string | undefined {
  if (IN_HEADING.includes(key)) return undefined;
  if (isEmpty(value)) return undefined;
  if (typeof value !== 'object') return `${heading(titleOf(key))}: ${clean(String(value))}`;
  return `${heading(titleOf(key))}\n${indented(clean(stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })))}`;
}

function recomputedText({ recomputed, currency }: Explanation): string {
  const value = amount(recomputed.value, currency);
  return recomputed.equal
    ? toned(`Computed afresh from the raw events it is ${value}: the same.`, 'good')
    : toned(`Computed afresh from the raw events it is ${value}: NOT the same.`, 'bad');
}

/** A number and what it rests on, part by part. */
export function explainText(explanation: Explanation): string {
  const { client, metric, businessDate, value, currency, version } = explanation;
  const which = version === undefined ? '' : ` (version ${version})`;
  return page(
    `${heading(`${metric} of ${client}, ${day(businessDate)}`)}: ${amount(value, currency)}${which}`,
    recomputedText(explanation),
    ...Object.entries(explanation).map(section),
  );
}
