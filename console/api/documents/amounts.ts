import type { Catalog } from '../../../domain/metrics/catalog.ts';
import { printValue } from '../../../domain/metrics/print-value.ts';

/** A value as documents show it: money to the digits of its currency, a count without any, a ratio as it is. */
export function valueText(
  micros: bigint | null,
  currency: string | null,
  metric: { catalog: Catalog; id: string },
): string | null {
  return printValue(micros, currency, metric.catalog.get(metric.id)?.unit === 'count');
}

/** The same value everywhere: a store is named where the client has several, and else goes without saying. */
export const storeOf = (several: boolean, storeId: string): { store?: string } => (several ? { store: storeId } : {});

export const instantText = (at: Date | null): string | null => at?.toISOString() ?? null;
