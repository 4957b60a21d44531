import { minorDigits } from '../currency.ts';
import { formatExact, formatMicros } from '../money.ts';
import type { Catalog } from './catalog.ts';

/** A value as documents show it: money to the digits of its currency, a count without any, a ratio as it is. */
export function printValue(micros: bigint | null, currency: string | null, isCount: boolean): string | null {
  if (micros === null) return null;
  if (currency) return formatMicros(micros, minorDigits(currency));
  return isCount ? formatMicros(micros, 0) : formatExact(micros);
}

/** The same, of a metric that is known by its id. */
export const valueText = (
  micros: bigint | null,
  currency: string | null,
  { catalog, id }: { catalog: Catalog; id: string },
): string | null => printValue(micros, currency, catalog.get(id)?.unit === 'count');
