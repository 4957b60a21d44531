import type { IncidentRule } from '../../schemas/operating-model.ts';
import { compileCondition } from '../cel.ts';
import { factViews } from '../cel-views.ts';
import type { ExceptionState } from './table.ts';

/** What a condition over `exception` may speak of. An amount is a decimal; what is not known is null. */
export type ExceptionFacts = {
  state: ExceptionState;
  overdue: boolean;
  kind: string;
  subject: string;
  metric: string | null;
  source: string | null;
  control: string | null;
  store: string;
  slice: string;
  difference: string | null;
  currency: string | null;
  withheld: readonly string[];
};

/** The first rule that holds for an exception; undefined where none does. A rule that cannot be judged does not hold. */
export function ruleFor<R extends Pick<IncidentRule, 'when'>>(
  rules: readonly R[],
  exception: ExceptionFacts,
): R | undefined {
  return rules.find(({ when }) => {
    try {
      return compileCondition(when, factViews, 'exception')({ exception });
    } catch {
      return false;
    }
  });
}

/** Whether the model calls mails about an exception urgent: one of its urgent rules holds. */
export const isUrgent = (rules: readonly IncidentRule[], exception: ExceptionFacts): boolean =>
  ruleFor(
    rules.filter((rule) => rule.urgent),
    exception,
  ) !== undefined;
