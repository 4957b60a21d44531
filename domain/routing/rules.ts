import type { OperatingModel, RoutingRule } from '../../schemas/operating-model.ts';
import type { Steps } from '../../schemas/path.ts';

/** The rules of a model, and how many of those that hold for an event apply. */
export type Rules = { match: 'first' | 'all'; rules: readonly RoutingRule[]; at: Steps };

/** The rules as they are read, whichever way they were written; `at` is where they stand in the document. */
export function rulesOf({ routing }: Pick<OperatingModel, 'routing'>): Rules {
  if (Array.isArray(routing)) return { match: 'all', rules: routing, at: ['routing'] };
  return { ...routing, at: ['routing', 'rules'] };
}
