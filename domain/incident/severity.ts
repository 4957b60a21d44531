import type { IncidentRule, Severity } from '../../schemas/operating-model.ts';
import { type ExceptionFacts, ruleFor } from '../exception/facts.ts';

/** The severity of the incident that an exception is by the client's rules, the first that holds; null where it is none. */
export const severityOf = (rules: readonly IncidentRule[], exception: ExceptionFacts): Severity | null =>
  ruleFor(rules, exception)?.severity ?? null;

const ORDER: readonly Severity[] = ['minor', 'major', 'critical'];

/** Whether the first is worse than the second. */
export const isWorse = (one: Severity, other: Severity): boolean => ORDER.indexOf(one) > ORDER.indexOf(other);
