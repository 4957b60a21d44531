import type { IncidentRule } from '../../schemas/operating-model.ts';
import { ConditionError, compileCondition } from '../cel.ts';
import { factViews } from '../cel-views.ts';
import type { ExceptionState } from './table.ts';

/** What a condition over `exception` may speak of. An amount is a decimal; what an exception does not have is null. */
export type ExceptionFacts = {
  id: string;
  state: ExceptionState;
  overdue: boolean;
  kind: string;
  subject: string;
  owner: string;
  message: string;
  metric: string | null;
  source: string | null;
  control: string | null;
  store: string | null;
  slice: string | null;
  /** Exact, in units of the currency. */
  difference: string | null;
  currency: string | null;
  withheld: readonly string[];
};

/** A condition that compares what cannot be compared does not hold: it must not keep the next one from being asked. */
export function holds(
  when: string,
  facts: { exception?: object; event?: object },
  scope: 'exception' | 'event',
): boolean {
  try {
    return compileCondition(when, factViews, scope)(facts);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

/** The first of the client's rules that holds for an exception; undefined where none does. */
export const ruleFor = (rules: readonly IncidentRule[], exception: ExceptionFacts): IncidentRule | undefined =>
  rules.find(({ when }) => holds(when, { exception }, 'exception'));

/** Whether the model calls mails about an exception urgent: one of its urgent rules holds. */
export const isUrgent = (rules: readonly IncidentRule[], exception: ExceptionFacts): boolean =>
  ruleFor(
    rules.filter((rule) => rule.urgent),
    exception,
  ) !== undefined;
