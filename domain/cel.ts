import { Environment, EvaluationError, serialize } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { childrenOf, type Node } from './cel-tree.ts';
import { AS_THEY_ARE, type Views } from './cel-views.ts';

/** Where a condition stands decides what it may speak of. */
export type ConditionScope = 'record' | 'exception' | 'event';
export type Facts = { row?: unknown; item?: unknown; exception?: unknown; event?: unknown };
export type Condition = (facts: Facts) => boolean;

/** A condition that cannot be compiled, or that compares what cannot be compared. */
export class ConditionError extends Error {}

const VARIABLES: Record<ConditionScope, readonly (keyof Facts)[]> = {
  record: ['row', 'item'],
  exception: ['exception'],
  event: ['event', 'exception'],
};

/** Nothing that builds values larger than its input, so that the cost of a condition is bounded by its record. */
const FUNCTIONS = new Set([
  ...['abs', 'size', 'has', 'int', 'double', 'string', 'bool', 'timestamp', 'duration', 'type', 'dyn'],
  ...['startsWith', 'endsWith', 'contains', 'matches', 'trim', 'lowerAscii', 'upperAscii', 'indexOf', 'substring'],
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds'],
]);
/** These walk a list; one inside another would make the cost grow with the square of the record. */
const WALKS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

const limits = { maxAstNodes: 300, maxDepth: 30, maxListElements: 200, maxMapEntries: 20, maxCallArguments: 8 };

const MAXIMUM_PATTERNS = 1000;
const patterns = new Map<string, RE2JS>();

function patternOf(text: string): RE2JS {
  const known = patterns.get(text);
  if (known) return known;
  if (patterns.size === MAXIMUM_PATTERNS) patterns.clear();
  const compiled = RE2JS.compile(RE2JS.translateRegExp(text));
  patterns.set(text, compiled);
  return compiled;
}

/** The library's own `matches` backtracks; a pattern of a document runs on RE2, which cannot hang. */
const matchesLinear = (text: string, pattern: string) => patternOf(pattern).test(text);

function environmentOf(scope: ConditionScope): Environment {
  const environment = new Environment({ limits })
    .registerFunction('abs(double): double', (value: number) => Math.abs(value))
    .registerFunction('abs(int): int', (value: bigint) => (value < 0n ? -value : value))
    .registerFunction('string.matchesLinear(string): bool', matchesLinear);
  for (const variable of VARIABLES[scope]) environment.registerVariable(variable, 'dyn');
  return environment;
}

const environments: Record<ConditionScope, Environment> = {
  record: environmentOf('record'),
  exception: environmentOf('exception'),
  event: environmentOf('event'),
};

function useLinearMatch(node: Extract<Node, { op: 'call' | 'rcall' }>): void {
  node.args[0] = 'matchesLinear';
  const pattern = childrenOf(node.args).at(-1);
  if (pattern?.op === 'value' && typeof pattern.args === 'string') patternOf(pattern.args);
}

/** Refuses calls that are not bounded, and turns `matches` to the one on RE2. Changes the tree in place. */
function tame(node: Node, insideWalk = false): void {
  let walks = false;
  if (node.op === 'call' || node.op === 'rcall') {
    const name = node.args[0];
    walks = WALKS.has(name);
    if (!walks && !FUNCTIONS.has(name)) throw new ConditionError(`${name}() is not provided`);
    if (walks && insideWalk) throw new ConditionError(`${name}() stands inside another walk over a list`);
    if (name === 'matches') useLinearMatch(node);
  }
  for (const below of childrenOf(node.args)) tame(below, insideWalk || walks);
}

function parse(text: string, scope: ConditionScope) {
  const environment = environments[scope];
  const { ast } = environment.parse(text);
  tame(ast);
  const parsed = environment.parse(serialize(ast));
  const { valid, type, error } = parsed.check();
  if (!valid) throw error;
  if (type !== 'bool' && type !== 'dyn') throw new ConditionError(`its value is ${type}, not true or false`);
  return parsed;
}

const summaryOf = (error: unknown) =>
  (error instanceof Error && 'summary' in error ? String(error.summary) : (error as Error).message).replaceAll(
    'matchesLinear',
    'matches',
  );

/** The tree of a condition that is valid, for looking at it without facts. */
export const conditionTree = (text: string, scope: ConditionScope): Node => parse(text, scope).ast;

/** A tree as text, the same for whatever way it was written in. */
export const conditionText = (node: Node): string => serialize(node).replaceAll('matchesLinear', 'matches');

/** What is wrong with a condition, or nothing. */
export function conditionProblem(text: string, scope: ConditionScope): string | undefined {
  try {
    parse(text, scope);
    return undefined;
  } catch (error) {
    return summaryOf(error);
  }
}

const isAbsence = (error: unknown) => error instanceof EvaluationError && error.code === 'no_such_key';

/**
 * Compiles a CEL condition. A condition over a field that the record has not does not hold.
 * @param views how values are shown to it: amounts as numbers, for comparing only
 * @throws ConditionError where it is no valid condition; the compiled function, where it compares what cannot be
 * compared
 */
export function compileCondition(
  text: string,
  views: Views = AS_THEY_ARE,
  scope: ConditionScope = 'record',
): Condition {
  let evaluate: ReturnType<typeof parse>;
  try {
    evaluate = parse(text, scope);
  } catch (error) {
    throw new ConditionError(`The condition ${JSON.stringify(text)} cannot be read: ${summaryOf(error)}`);
  }
  const shown = views(evaluate.ast);
  return (facts) => {
    try {
      return evaluate(shown(facts)) === true;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw new ConditionError(`The condition ${JSON.stringify(text)} cannot be judged: ${summaryOf(error)}`);
    }
  };
}
