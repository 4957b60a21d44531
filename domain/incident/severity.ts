import type { IncidentRule, Severity } from '../../schemas/operating-model.ts';
import { ConditionError, compileCondition } from '../cel.ts';
import { factViews } from '../cel-views.ts';

/** What a rule may ask of an exception: `exception.overdue`, `exception.difference` (an amount) and so on. */
export type ExceptionFacts = {
  id: string;
  overdue: boolean;
  kind: string;
  subject: string;
  state: string;
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

/** A rule that compares what cannot be compared does not hold: it must not keep the next one from being asked. */
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

/** The severity of the incident that an exception is by the client's rules, the first that holds; null where it is none. */
export const severityOf = (rules: readonly IncidentRule[], exception: ExceptionFacts): Severity | null =>
  rules.find(({ when }) => holds(when, { exception }, 'exception'))?.severity ?? null;

const ORDER: readonly Severity[] = ['minor', 'major', 'critical'];

/** Whether the first is worse than the second. */
export const isWorse = (one: Severity, other: Severity): boolean => ORDER.indexOf(one) > ORDER.indexOf(other);
