import { minorDigits } from '../../../domain/currency.ts';
import type { Catalog } from '../../../domain/metrics/catalog.ts';
import { formatExact, formatMicros } from '../../../domain/money.ts';

/** A value as documents show it: money to the digits of its currency, a count without any, a ratio as it is. */
export function valueText(
  micros: bigint | null,
  currency: string | null,
  metric: { catalog: Catalog; id: string },
): string | null {
  if (micros === null) return null;
  if (currency) return formatMicros(micros, minorDigits(currency));
  return metric.catalog.get(metric.id)?.unit === 'count' ? formatMicros(micros, 0) : formatExact(micros);
}

/** The same value everywhere: a store is named where the client has several, and else goes without saying. */
export const storeOf = (several: boolean, storeId: string): { store?: string } => (several ? { store: storeId } : {});

export const instantText = (at: Date | null): string | null => at?.toISOString() ?? null;
