import type { ExceptionDocument } from '../documents.ts';
import { cleanLine, shellWord, words } from '../text.ts';
import { amount, day } from './values.ts';

type Fix = ExceptionDocument['suggestedFixes'][number];
type Changed = Fix['preview']['metrics'][number];

const changes = (metrics: readonly Changed[]): Changed[] => metrics.filter((one) => one.before !== one.after);

const metricLine = ({ metric, before, after }: Changed): string =>
  `      ${cleanLine(metric)}: ${amount(before)} → ${amount(after)}`;

const checkLine = ({ check, before, after }: Fix['preview']['checks'][number]): string =>
  `      ${cleanLine(check)}: ${words(before)} → ${words(after)}`;

/** What the fix does, number by number and check by check, and what of other days it changes. */
function fixLines({ id, title, preview }: Fix): string[] {
  return [
    `  ${cleanLine(id)}  ${cleanLine(title)}`,
    ...changes(preview.metrics).map(metricLine),
    ...preview.checks.map(checkLine),
    ...preview.otherDays.flatMap(({ businessDate, metrics }) => [
      `      ${day(businessDate)} changes too:`,
      ...changes(metrics).map((one) => `  ${metricLine(one)}`),
    ]),
  ];
}

const applyLine = (exception: string, fix: string, version?: number): string =>
  `  npx meshline exceptions apply-fix ${shellWord(exception)} --fix ${shellWord(fix)}${version === undefined ? '' : ` --version ${version}`} --reason "your reason"`;

/** A fix that was tried on its own, and how to apply it. */
export const triedText = (exception: string, fix: Fix): string =>
  ['Tried on this day; nothing is changed yet', ...fixLines(fix), applyLine(exception, fix.id)].join('\n');

/** The suggested fixes, the best first, and how to apply one; nothing where there are none. */
export function fixesText({ id, version, suggestedFixes }: ExceptionDocument): string | undefined {
  const [best] = suggestedFixes;
  if (!best) return undefined;
  return [
    'Suggested fixes, each tried on this day',
    ...suggestedFixes.flatMap(fixLines),
    applyLine(id, best.id, version),
  ].join('\n');
}
