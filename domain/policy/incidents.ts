import type { IncidentRule, OperatingModel } from '../../schemas/operating-model.ts';
import { formatPath, type Steps } from '../../schemas/path.ts';
import type { Problem } from '../../schemas/problem.ts';
import { conditionProblem, conditionTree } from '../cel.ts';
import { askedFacts, type Node } from '../cel-tree.ts';
import { truthOf } from '../cel-truth.ts';
import { exceptionDomains } from '../routing/domains.ts';
import { EXCEPTION_FACTS } from '../routing/events.ts';
import { neverHolds } from './never-holds.ts';
import { oneOf, problem, type Rule, section } from './rule.ts';

type Looked = { at: Steps; tree: Node };

/** Those that compile; the others have a problem already. */
const lookAt = (rules: readonly IncidentRule[]): readonly Looked[] =>
  rules.flatMap(({ when }, index) =>
    conditionProblem(when, 'exception') === undefined
      ? [{ at: ['exceptions', 'incidents', index], tree: conditionTree(when, 'exception') }]
      : [],
  );

/** A rule of incidents asks only for what an exception has. */
export const incidentsAskOfFacts: Rule = (model, context) =>
  lookAt(section(model, 'exceptions', context)?.incidents ?? []).flatMap(({ at, tree }) =>
    askedFacts(tree)
      .filter(({ fact }) => !Object.hasOwn(EXCEPTION_FACTS, fact))
      .map(({ fact }) =>
        problem(
          [...at, 'when'],
          `exception.${fact}, which no exception has`,
          oneOf(Object.keys(EXCEPTION_FACTS), 'a fact'),
        ),
      ),
  );

/** Rules that open no incident: their condition never holds, or one before them takes everything. Warnings. */
export function idleIncidents(model: OperatingModel): readonly Problem[] {
  const domains = exceptionDomains(model);
  const looked = lookAt(model.exceptions.incidents);
  const takesAll = looked.findIndex(({ tree }) => truthOf(tree, domains) === true);
  return looked.flatMap(({ at, tree }, index) => {
    if (takesAll < 0 || index <= takesAll) return neverHolds(tree, domains, [...at, 'when']);
    const name = formatPath(looked[takesAll]!.at);
    return [problem(at, `a rule after ${name}, which takes every exception`, `its place before ${name}`)];
  });
}
