import { minorDigits } from '../../domain/currency.ts';
import { divideRounded } from '../../domain/decimal.ts';
import { formatExact } from '../../domain/money.ts';
import type { Return, Sale, SaleLine } from './shop.ts';

/** A share of an amount in ten-thousandths, rounded to what can be paid in the currency: a cent, a yen. */
export function shareOf(micros: bigint, permyriad: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(6 - minorDigits(currency));
  return divideRounded(micros * permyriad, 10_000n * unit) * unit;
}

/** Price of all units of a line, before discount and tax. */
export const grossOf = (line: Pick<SaleLine, 'unitMicros' | 'quantity'>): bigint =>
  line.unitMicros * BigInt(line.quantity);

/** Price of a line after discount, before tax. */
export const netOf = (line: SaleLine): bigint => grossOf(line) - line.discountMicros;

/** Sum of a part of each. */
export const sumOf = <T>(list: readonly T[], part: (one: T) => bigint): bigint =>
  list.reduce((sum, one) => sum + part(one), 0n);

/** What is billed, or paid back: lines and shipping with their tax. */
export const billedOf = (one: Sale | Return): bigint =>
  sumOf(one.lines, (line) => netOf(line) + line.taxMicros) + one.shippingMicros + one.shippingTaxMicros;

/** `12.50`, `1.235` where a third digit is needed, `1200` in a currency without decimals. */
export function amountText(micros: bigint, currency: string): string {
  const text = formatExact(micros);
  return minorDigits(currency) === 0 && text.endsWith('.00') ? text.slice(0, -3) : text;
}
