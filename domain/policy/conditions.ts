import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { type ConditionScope, conditionProblem } from '../cel.ts';
import { textCallOnDecimal } from '../cel-text-calls.ts';
import { routingRules } from './routing-rules.ts';
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

/** A decimal is a number in a condition: a function of text on it would quarantine every record. */
function judgeRecord(text: string | undefined, at: Steps, schema: unknown): readonly Problem[] {
  const wrong = judge(text, at, 'record');
  const call = text === undefined || wrong.length > 0 ? undefined : textCallOnDecimal(text, schema);
  if (call === undefined) return wrong;
  const found = `${JSON.stringify(text)}: ${call.name}() of ${call.field}, which the schema calls a decimal`;
  return [problem(at, found, `a comparison of numbers, such as ${call.field} < 0.0`)];
}

const ofSource = ({ item: { mapping, schema }, at }: Element<'sources'>) => [
  ...judgeRecord(mapping.skipWhen, [...at, 'mapping', 'skipWhen'], schema),
  ...(['cases', 'entries'] as const).flatMap((key) =>
    (mapping[key] ?? []).flatMap(({ when }, index) =>
      judgeRecord(when, [...at, 'mapping', key, index, 'when'], schema),
    ),
  ),
];

function ofCheck({ item, at }: Element<'checks'>, sources: readonly Element<'sources'>[]) {
  if (item.kind !== 'row') return [];
  const schema = sources.find((one) => one.item.id === item.source)?.item.schema;
  return [...judgeRecord(item.when, [...at, 'when'], schema), ...judgeRecord(item.expect, [...at, 'expect'], schema)];
}

/** Every condition compiles, speaks only of what is there, and is within its limits of size and cost. */
export const conditionsCompile: Rule = (model, context) => [
  ...sound(model, 'sources', context).flatMap(ofSource),
  ...sound(model, 'checks', context).flatMap((check) => ofCheck(check, sound(model, 'sources', context))),
  ...(section(model, 'exceptions', context)?.incidents ?? []).flatMap(({ when }, index) =>
    judge(when, ['exceptions', 'incidents', index, 'when'], 'exception'),
  ),
  ...routingRules(model, context).flatMap(({ item, at }) => judge(item.when, [...at, 'when'], 'event')),
];
