import { formatMicros } from '../../domain/money.ts';

export { printValue } from '../../domain/metrics/print-value.ts';

/** The change from one value to another in percent, to one decimal; null where there is nothing to compare with. */
export function changePercent(now: bigint | null, before: bigint | null): string | null {
  if (now === null || before === null || before === 0n) return null;
  const size = before < 0n ? -before : before;
  return formatMicros(((now - before) * 100_000_000n) / size, 1);
}

/** A part of a whole in percent, to one decimal. */
export const sharePercent = (part: bigint | null, whole: bigint | null): string | null =>
  part === null || whole === null || whole === 0n ? null : formatMicros((part * 100_000_000n) / whole, 1);
