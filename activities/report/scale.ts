import { minorDigits } from '../../domain/currency.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';

/** A published value as people read it: money to the digits of its currency, a count without any, a ratio as it is. */
export function printValue(micros: bigint | null, currency: string | null, isCount: boolean): string | null {
  if (micros === null) return null;
  if (currency) return formatMicros(micros, minorDigits(currency));
  return isCount ? formatMicros(micros, 0) : formatExact(micros);
}

/** The change from one value to another in percent, to one decimal; null where there is nothing to compare with. */
export function changePercent(now: bigint | null, before: bigint | null): string | null {
  if (now === null || before === null || before === 0n) return null;
  const size = before < 0n ? -before : before;
  return formatMicros(((now - before) * 100_000_000n) / size, 1);
}

/** A part of a whole in percent, to one decimal. */
export const sharePercent = (part: bigint | null, whole: bigint | null): string | null =>
  part === null || whole === null || whole === 0n ? null : formatMicros((part * 100_000_000n) / whole, 1);
