import { ConditionError, compileCondition, conditionText } from './cel.ts';
import { askedFacts, childrenOf, factOf, type Node, textOf, variablesOf } from './cel-tree.ts';

/** What a fact can be, as far as that is known: values by `event.metric`. */
export type Domains = ReadonlyMap<string, ReadonlySet<string>>;
/** `false`: it never holds. `true`: it always does. Undefined where it depends on the facts. */
export type Truth = boolean | undefined;
/** A comparison with a value that the fact never has. */
export type Impossible = { fact: string; value: string };

/** Facts that no event is without. A condition over one that is absent does not hold, whatever it says of it. */
const ALWAYS: readonly string[] = ['event.type', 'event.client'];

type Comparison = { fact: string; values: readonly string[] };

const nameOf = (node: Node): string | undefined => {
  const asked = factOf(node);
  return asked && `${asked.variable}.${asked.fact}`;
};

const pair = (node: Node) => node.args as unknown as [Node, Node];

/** `fact == "text"`, either way round, and `fact in ["text"]`. */
function comparisonOf(node: Node): Comparison | undefined {
  if (node.op === '==' || node.op === '!=') {
    const [left, right] = pair(node);
    const fact = nameOf(left) ?? nameOf(right);
    const value = textOf(right) ?? textOf(left);
    return fact === undefined || value === undefined ? undefined : { fact, values: [value] };
  }
  if (node.op !== 'in') return undefined;
  const [left, right] = pair(node);
  const fact = nameOf(left);
  const values = right.op === 'list' ? (right.args as unknown as Node[]).map(textOf) : [undefined];
  return fact !== undefined && values.every((one) => one !== undefined) ? { fact, values } : undefined;
}

function truthOfComparison({ fact, values }: Comparison, domains: Domains): Truth {
  const domain = domains.get(fact);
  if (!domain) return values.length === 0 ? false : undefined;
  if (!values.some((one) => domain.has(one))) return false;
  return ALWAYS.includes(fact) && [...domain].every((one) => values.includes(one)) ? true : undefined;
}

const conjuncts = (node: Node): readonly Node[] =>
  node.op === '&&' ? pair(node).flatMap((below) => conjuncts(below)) : [node];

/** One fact cannot have two values at once. */
function contradicts(nodes: readonly Node[]): boolean {
  const left = new Map<string, ReadonlySet<string>>();
  for (const node of nodes) {
    const comparison = node.op === '!=' ? undefined : comparisonOf(node);
    if (!comparison) continue;
    const before = left.get(comparison.fact);
    left.set(comparison.fact, new Set(comparison.values.filter((one) => before?.has(one) ?? true)));
  }
  return [...left.values()].some((values) => values.size === 0);
}

function truthOfAnd(node: Node, domains: Domains): Truth {
  const all = conjuncts(node);
  const truths = all.map((one) => truthOf(one, domains));
  if (truths.includes(false) || contradicts(all)) return false;
  return truths.every((one) => one === true) ? true : undefined;
}

function truthOfOr(node: Node, domains: Domains): Truth {
  const truths = pair(node).map((one) => truthOf(one, domains));
  if (truths.includes(true)) return true;
  return truths.every((one) => one === false) ? false : undefined;
}

/** What never holds may be so because a fact is absent: then its opposite does not hold either. */
function opposite(node: Node, truth: Truth): Truth {
  if (truth !== false) return truth === true ? false : undefined;
  return askedFacts(node).every(({ variable, fact }) => ALWAYS.includes(`${variable}.${fact}`)) ? true : undefined;
}

function truthOfChoice(node: Node, domains: Domains): Truth {
  const [asked, yes, no] = (node.args as unknown as Node[]).map((one) => truthOf(one, domains));
  if (asked === true) return yes;
  return no === false && (asked === false || yes === false) ? false : undefined;
}

/** What speaks of no variable is the same whatever happens. */
function constantTruth(node: Node): Truth {
  try {
    return compileCondition(conditionText(node), undefined, 'event')({});
  } catch (error) {
    // It is no boolean, or cannot be judged: then it says nothing by itself.
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

/** Whether a condition holds whatever the facts are, or never; undefined where it depends on them. */
export function truthOf(node: Node, domains: Domains): Truth {
  if (variablesOf(node).size === 0) return constantTruth(node);
  if (node.op === '&&') return truthOfAnd(node, domains);
  if (node.op === '||') return truthOfOr(node, domains);
  if (node.op === '!_') return opposite(node, truthOf(node.args as unknown as Node, domains));
  if (node.op === '?:') return truthOfChoice(node, domains);
  const comparison = comparisonOf(node);
  if (!comparison) return undefined;
  const truth = truthOfComparison(comparison, domains);
  return node.op === '!=' ? opposite(node, truth) : truth;
}

/** Every value that a condition compares a fact with and that the fact never has. */
export function impossibleValues(node: Node, domains: Domains): readonly Impossible[] {
  const comparison = comparisonOf(node);
  const domain = comparison && domains.get(comparison.fact);
  if (comparison && domain)
    return comparison.values.filter((one) => !domain.has(one)).map((value) => ({ fact: comparison.fact, value }));
  return childrenOf(node.args).flatMap((below) => impossibleValues(below, domains));
}
