const WITH_COMMA = /^(-?)(\d{1,3}(?:[. ']\d{3})+|\d+),(\d+)$/;

/** `1.234,50` as `1234.50`; null for what is no decimal written with a comma. */
export function decimalWithPoint(value: unknown): string | null {
  const [, sign, whole, fraction] = (typeof value === 'string' && WITH_COMMA.exec(value)) || [];
  return whole === undefined ? null : `${sign}${whole.replace(/[. ']/g, '')}.${fraction}`;
}
