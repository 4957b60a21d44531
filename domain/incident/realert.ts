import { DEFAULTS } from '../../schemas/operating-model/defaults.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { parseDuration } from '../duration.ts';
import { retryDelayMs } from '../retry.ts';

/** How often an incident that nobody acknowledges is told again. */
export type RealertTerms = { firstMs: number; coefficient: number; longestMs: number; maximumAlerts: number };

/** The terms of a model; what it does not say is the default. A model that was stored before there were any says nothing. */
export function realertTermsOf({ exceptions }: Pick<OperatingModel, 'exceptions'>): RealertTerms {
  const stated = { ...DEFAULTS.realert, ...exceptions.realert };
  return {
    firstMs: parseDuration(stated.initialInterval).ms,
    coefficient: stated.backoffCoefficient,
    longestMs: parseDuration(stated.maximumInterval).ms,
    maximumAlerts: stated.maximumAlerts,
  };
}

/**
 * When it is told again, as epoch ms; null where it was told often enough.
 * @param told alerts so far, the first included
 */
export function nextAlertMs(terms: RealertTerms, lastAlertMs: number, told: number): number | null {
  if (told >= terms.maximumAlerts) return null;
  return lastAlertMs + retryDelayMs({ ...terms, maximumAttempts: terms.maximumAlerts }, told);
}
