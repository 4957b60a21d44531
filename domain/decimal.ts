/** A decimal string taken apart: the value is `units` × 10^-`scale`, exactly. */
export type Decimal = { units: bigint; scale: number };

const FORM = /^-?[0-9]+(\.[0-9]+)?$/;

/** 10 to a power from 0 on, as a bigint. */
export const power10 = (exponent: number): bigint => 10n ** BigInt(exponent);

export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Reads `^-?\d+(\.\d+)?$`; null for any other text. */
export function readDecimal(text: string): Decimal | null {
  if (!FORM.test(text)) return null;
  const point = text.indexOf('.');
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** A limit as an operating model writes it. Throws RangeError for a text that is no decimal. */
export function decimalOf(text: string): Decimal {
  const decimal = readDecimal(text);
  if (decimal) return decimal;
  throw new RangeError(`"${text}" is not a decimal. Write digits with a point, such as "0.01".`);
}

/** Divides and rounds half away from zero. The divisor is positive. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const rounded = (magnitude(dividend) * 2n + divisor) / (divisor * 2n);
  return dividend < 0n ? -rounded : rounded;
}

/** Whether |amount| ≤ limit × base, all exact. The limit may have any number of decimals. */
export function isWithin(amount: bigint, limit: Decimal, base: bigint): boolean {
  return magnitude(amount) * power10(limit.scale) <= limit.units * magnitude(base);
}
