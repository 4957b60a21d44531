import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type ConditionScope, conditionProblem } from '../cel.ts';
import { type Element, problem, type Rule, section, sound } from './rule.ts';

const SPEAKS_OF: Record<ConditionScope, string> = {
  record: '`row` (and `item`)',
  exception: '`exception`',
  event: '`event` (and `exception`)',
};

function judge(text: string | undefined, at: Steps, scope: ConditionScope): readonly Problem[] {
  const wrong = text === undefined ? undefined : conditionProblem(text, scope);
  if (wrong === undefined) return [];
  return [problem(at, `${JSON.stringify(text)}: ${wrong}`, `a CEL condition over ${SPEAKS_OF[scope]}`)];
}

const ofSource = ({ item: { mapping }, at }: Element<'sources'>) => [
  ...judge(mapping.skipWhen, [...at, 'mapping', 'skipWhen'], 'record'),
  ...(['cases', 'entries'] as const).flatMap((key) =>
    (mapping[key] ?? []).flatMap(({ when }, index) => judge(when, [...at, 'mapping', key, index, 'when'], 'record')),
  ),
];

const ofCheck = ({ item, at }: Element<'checks'>) =>
  item.kind === 'row'
    ? [...judge(item.when, [...at, 'when'], 'record'), ...judge(item.expect, [...at, 'expect'], 'record')]
    : [];

/** Every condition compiles, speaks only of what is there, and is within its limits of size and cost. */
export const conditionsCompile: Rule = (model, context) => [
  ...sound(model, 'sources', context).flatMap(ofSource),
  ...sound(model, 'checks', context).flatMap(ofCheck),
  ...(section(model, 'exceptions', context)?.incidents ?? []).flatMap(({ when }, index) =>
    judge(when, ['exceptions', 'incidents', index, 'when'], 'exception'),
  ),
  ...sound(model, 'routing', context).flatMap(({ item, at }) => judge(item.when, [...at, 'when'], 'event')),
];
