import { divideRounded } from '../../domain/decimal.ts';
import { formatExact } from '../../domain/money.ts';
import type { SaleLine } from './shop.ts';

/** Micros of a cent: everything that is billed is a whole number of these. */
const CENT = 10_000n;

/** A share of an amount in ten-thousandths, rounded to the cent. */
export const shareToCent = (micros: bigint, permyriad: bigint): bigint =>
  divideRounded(micros * permyriad, 10_000n * CENT) * CENT;

/** Price of all units of a line, before discount and tax. */
export const grossOf = (line: Pick<SaleLine, 'unitMicros' | 'quantity'>): bigint =>
  line.unitMicros * BigInt(line.quantity);

/** Price of a line after discount, before tax. */
export const netOf = (line: SaleLine): bigint => grossOf(line) - line.discountMicros;

/** Sum of a part of each. */
export const sumOf = <T>(list: readonly T[], part: (one: T) => bigint): bigint =>
  list.reduce((sum, one) => sum + part(one), 0n);

/** `12.50`, or `1.235` where a third digit is needed. */
export const money = formatExact;
