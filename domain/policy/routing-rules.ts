import type { DraftModel, RoutingRule } from '../../schemas/operating-model.ts';
import { formatPath, type Steps } from '../../schemas/path.ts';
import { rulesOf } from '../routing/rules.ts';
import type { PolicyContext } from './rule.ts';

export type RuleAt = { readonly item: RoutingRule; readonly at: Steps };

/** The routing rules that the policy may look into, with their paths. */
export function routingRules(model: Pick<DraftModel, 'routing'>, { broken = [] }: PolicyContext): readonly RuleAt[] {
  if (broken.includes('routing')) return [];
  const { rules, at } = rulesOf(model);
  return rules
    .map((item, index) => ({ item, at: [...at, index] }))
    .filter((one) => !broken.includes(formatPath(one.at)));
}
