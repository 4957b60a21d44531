const WITH_COMMA = /^(-?)(\d{1,3}(?:[. ']\d{3})+|\d+),(\d+)$/;

const GROUPED = /^-?\d{1,3}(?:\.\d{3})+$/;

/** Whether a value shows that its dots part thousands: `1.234,50`. */
export const showsThousands = (value: unknown): boolean =>
  typeof value === 'string' && value.includes('.') && decimalWithPoint(value) !== null;

/** `1.234` as `1234`; null for what has no groups of thousands. */
export const withoutThousands = (value: unknown): string | null =>
  typeof value === 'string' && GROUPED.test(value) ? value.replaceAll('.', '') : null;

/** `1.234,50` as `1234.50`; null for what is no decimal written with a comma. */
export function decimalWithPoint(value: unknown): string | null {
  const [, sign, whole, fraction] = (typeof value === 'string' && WITH_COMMA.exec(value)) || [];
  return whole === undefined ? null : `${sign}${whole.replace(/[. ']/g, '')}.${fraction}`;
}
