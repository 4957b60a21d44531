/** A decimal string taken apart; `units` are the value times 10^scale. Exact, no floating point. */
export interface Decimal {
  units: bigint;
  scale: number;
}

const FORM = /^-?[0-9]+(\.[0-9]+)?$/;

/** Throws RangeError for anything but `^-?[0-9]+(\.[0-9]+)?$`. */
export function parseDecimal(text: string): Decimal {
  if (!FORM.test(text)) {
    throw new RangeError(
      `"${text}" in a report is not a decimal string; pass amounts as "-1234.50", null where undefined`,
    );
  }
  const [whole = '0', fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

/** Rounds half away from zero. For percentages and bar lengths; published money arrives rounded. */
export function roundTo(value: Decimal, digits: number): Decimal {
  if (value.scale <= digits) return { units: value.units * 10n ** BigInt(digits - value.scale), scale: digits };
  const divisor = 10n ** BigInt(value.scale - digits);
  const half = value.units < 0n ? -divisor / 2n : divisor / 2n;
  return { units: (value.units + half) / divisor, scale: digits };
}

/** Digits with thousands separators, unsigned: "1,234.50". */
export function printUnsigned({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale).replace(/\B(?=(\d{3})+$)/g, ',');
  return scale === 0 ? whole : `${whole}.${digits.slice(-scale)}`;
}

/** `value` as a whole number of parts of `ofLargest` in `parts`; at least 1 for anything but zero, so it stays visible. */
export function proportion(value: Decimal, ofLargest: Decimal, parts: number): number {
  const scale = Math.max(value.scale, ofLargest.scale);
  const [part, whole] = [magnitude(value, scale), magnitude(ofLargest, scale)];
  if (part === 0n || whole === 0n) return 0;
  return Math.max(1, Number((part * BigInt(parts) * 2n + whole) / (whole * 2n)));
}

function magnitude(value: Decimal, scale: number): bigint {
  const { units } = roundTo(value, scale);
  return units < 0n ? -units : units;
}
