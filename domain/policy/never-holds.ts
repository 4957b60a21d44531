import type { Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { conditionText } from '../cel.ts';
import type { Node } from '../cel-tree.ts';
import { type Domains, impossibleValues, truthOf } from '../cel-truth.ts';
import { oneOf, problem, quoted } from './rule.ts';

/** What a condition compares a fact with that it never is; else that it never holds, where that is so. */
export function neverHolds(tree: Node, domains: Domains, at: Steps): readonly Problem[] {
  const impossible = impossibleValues(tree, domains).map(({ fact, value }) =>
    problem(at, `${fact} compared with ${quoted(value)}, which it never is`, oneOf([...domains.get(fact)!], 'a value')),
  );
  if (impossible.length > 0 || truthOf(tree, domains) !== false) return impossible;
  return [problem(at, `${quoted(conditionText(tree))}, which never holds`, 'a condition that can hold')];
}
