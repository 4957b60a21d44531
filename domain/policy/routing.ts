import type { EventType, OperatingModel } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';
import { formatPath } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { conditionProblem, conditionText, conditionTree } from '../cel.ts';
import { type AskedFact, askedFacts, type Node } from '../cel-tree.ts';
import { truthOf } from '../cel-truth.ts';
import { domainsOf } from '../routing/domains.ts';
import { EVENT_FACTS, EXCEPTION_FACTS, isAboutExceptions } from '../routing/events.ts';
import { rulesOf } from '../routing/rules.ts';
import { neverHolds } from './never-holds.ts';
import { routingRules } from './routing-rules.ts';
import { oneOf, problem, type Rule } from './rule.ts';

/** The tree of a condition; undefined where there is none, or none that compiles, which has a problem already. */
const treeOf = (when: string | undefined): Node | undefined =>
  when === undefined || conditionProblem(when, 'event') !== undefined ? undefined : conditionTree(when, 'event');

function judgeFact({ variable, fact }: AskedFact, on: EventType, at: Steps): readonly Problem[] {
  if (variable === 'exception' && !isAboutExceptions(on))
    return [problem(at, `exception.${fact}, and ${on} is about no exception`, oneOf(EVENT_FACTS[on], 'a fact'))];
  const known = variable === 'exception' ? Object.keys(EXCEPTION_FACTS) : EVENT_FACTS[on];
  if (known.includes(fact)) return [];
  return [problem(at, `${variable}.${fact}, which ${on} does not have`, oneOf(known, 'a fact'))];
}

/** A condition asks only for facts that its event has. */
export const routesAskOfFacts: Rule = (model, context) =>
  routingRules(model, context).flatMap(({ item, at }) => {
    const tree = treeOf(item.when);
    const asked = tree ? askedFacts(tree) : [];
    return asked.flatMap((one) => judgeFact(one, item.on, [...at, 'when']));
  });

/** A rule that is looked at for what it can do; `truth` is that of its condition. */
type Looked = { on: EventType; to: readonly string[]; at: Steps; tree: Node | undefined; truth: boolean | undefined };

function lookAt(model: OperatingModel): readonly Looked[] {
  const { rules, at } = rulesOf(model);
  return rules.map(({ on, when, to }, index) => {
    const tree = treeOf(when);
    const truth = tree ? truthOf(tree, domainsOf(model, on)) : true;
    return { on, to, at: [...at, index], tree, truth };
  });
}

const sameCondition = (one: Looked, other: Looked): boolean =>
  (one.tree && conditionText(one.tree)) === (other.tree && conditionText(other.tree));

/** What an earlier rule leaves of a later one, where the first one that holds decides. */
function shadowedBy(earlier: Looked, rule: Looked): readonly Problem[] {
  const name = formatPath(earlier.at);
  if (earlier.truth === true)
    return [problem(rule.at, `a rule after ${name}, which takes every ${rule.on}`, `its place before ${name}`)];
  if (!sameCondition(earlier, rule)) return [];
  const found = `the event and the condition of ${name}, which decides first`;
  return [problem(rule.at, found, `a condition of its own, or its place before ${name}`)];
}

function repeats(earlier: Looked, rule: Looked): readonly Problem[] {
  if (!sameCondition(earlier, rule) || !rule.to.every((one) => earlier.to.includes(one))) return [];
  return [problem(rule.at, `what ${formatPath(earlier.at)} says already`, 'a rule that adds something')];
}

function neverHappens({ exceptions }: OperatingModel, { on, at }: Looked): readonly Problem[] {
  if (!on.startsWith('incident.') || exceptions.incidents.length > 0) return [];
  return [
    problem([...at, 'on'], `"${on}", and no rule of exceptions.incidents opens one`, 'a rule that opens incidents'),
  ];
}

/** Rules that do nothing: their condition never holds, or another rule comes first or says the same. Warnings. */
export function idleRoutes(model: OperatingModel): readonly Problem[] {
  const judge = rulesOf(model).match === 'first' ? shadowedBy : repeats;
  const looked = lookAt(model);
  return looked.flatMap((rule, index) => {
    const never = rule.tree ? neverHolds(rule.tree, domainsOf(model, rule.on), [...rule.at, 'when']) : [];
    const earlier = looked.slice(0, index).filter((one) => one.on === rule.on && one.truth !== false);
    const idle = earlier.map((one) => judge(one, rule)).find((found) => found.length > 0) ?? [];
    return [...neverHappens(model, rule), ...never, ...(rule.truth === false ? [] : idle)];
  });
}
