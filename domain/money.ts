import { divideRounded, magnitude, power10, readDecimal } from './decimal.ts';

const MICRO_DIGITS = 6;
/**
 * Amounts are kept in 64-bit columns; what does not fit must be refused here, where one record can still be told apart.
 */
const LARGEST_MICROS = 2n ** 63n - 1n;
/** Digits whose number, and whose steps towards it, a double holds exactly. */
const SAFE_DIGITS = 15;
/** No amount is written longer; the work on a hostile one is bounded. */
const LONGEST_TEXT = 400;
const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** An amount that micros cannot hold exactly, or a text that is no decimal number. Its record goes to quarantine. */
export class InexactAmountError extends Error {
  override readonly name = 'InexactAmountError';
}

function refuse(text: string, why: string): never {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  throw new InexactAmountError(`${shown} is no exact amount: ${why}`);
}

/** Digits behind the point of the number read last by `readSmall`, which runs for every factor of every record. */
let smallScale = 0;

/** Reads a decimal of at most 15 digits without its point; NaN for any other text. Sets `smallScale`. */
function readSmall(text: string): number {
  const { length } = text;
  const negative = text.charCodeAt(0) === MINUS;
  const first = negative ? 1 : 0;
  if (length === first || length - first > SAFE_DIGITS + 1) return Number.NaN;
  let value = 0;
  let point = -1;
  for (let at = first; at < length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
    else if (digit === POINT - ZERO && point < 0 && at > first && at < length - 1) point = at;
    else return Number.NaN;
  }
  if (point < 0 && length - first > SAFE_DIGITS) return Number.NaN;
  smallScale = point < 0 ? 0 : length - point - 1;
  return negative ? -value : value;
}

/** `value` × 10^-`scale` in micros where plain integers hold every step exactly; else null. */
function smallMicros(value: number, scale: number): bigint | null {
  if (!Number.isSafeInteger(value)) return null;
  if (scale <= MICRO_DIGITS) {
    const micros = value * POWERS[MICRO_DIGITS - scale]!;
    return Number.isSafeInteger(micros) ? BigInt(micros) : null;
  }
  const divisor = POWERS[scale - MICRO_DIGITS];
  return divisor !== undefined && value % divisor === 0 ? BigInt(value / divisor) : null;
}

function smallProduct(factors: readonly string[]): bigint | null {
  let value = 1;
  let scale = 0;
  for (const factor of factors) {
    value *= readSmall(factor);
    if (!Number.isSafeInteger(value)) return null;
    scale += smallScale;
  }
  return smallMicros(value, scale);
}

function fitting(micros: bigint, text: string): bigint {
  return magnitude(micros) <= LARGEST_MICROS ? micros : refuse(text, 'it is larger than 9223372036854.775807');
}

function largeProduct(factors: readonly string[]): bigint {
  const text = factors.join(' × ');
  if (text.length > LONGEST_TEXT) refuse(text, `it has more than ${LONGEST_TEXT} characters`);
  let units = 1n;
  let scale = 0;
  for (const factor of factors) {
    const decimal = readDecimal(factor) ?? refuse(text, 'write digits with a point, such as -12.50');
    units *= decimal.units;
    scale += decimal.scale;
  }
  if (scale <= MICRO_DIGITS) return fitting(units * power10(MICRO_DIGITS - scale), text);
  const divisor = power10(scale - MICRO_DIGITS);
  return units % divisor === 0n ? fitting(units / divisor, text) : refuse(text, 'it has more than six decimals');
}

/**
 * The exact product of decimal strings (`^-?\d+(\.\d+)?$`) in micros, such as unit price × quantity.
 * Throws InexactAmountError where micros in 64 bits cannot hold it, for other texts and for no factors at all.
 */
export function multiplyToMicros(factors: readonly string[]): bigint {
  if (factors.length === 0) refuse('A product without factors', 'name the fields that it is made of');
  return smallProduct(factors) ?? largeProduct(factors);
}

/** A decimal string in currency units as exact micros. Throws InexactAmountError like `multiplyToMicros`. */
export function parseMicros(text: string): bigint {
  return smallMicros(readSmall(text), smallScale) ?? largeProduct([text]);
}

/** Rounds micros to `digits` decimals (0 to 6) of a currency unit, half away from zero. The result is in micros. */
export function roundMicros(micros: bigint, digits: number): bigint {
  if (!Number.isInteger(digits) || digits < 0 || digits > MICRO_DIGITS)
    throw new RangeError(`${digits} is no number of decimals of an amount. Use 0 to ${MICRO_DIGITS}.`);
  const step = power10(MICRO_DIGITS - digits);
  return divideRounded(micros, step) * step;
}

function print(micros: bigint, digits: number): string {
  const text = magnitude(micros)
    .toString()
    .padStart(MICRO_DIGITS + 1, '0');
  const point = text.length - MICRO_DIGITS;
  const fraction = digits === 0 ? '' : `.${text.slice(point, point + digits)}`;
  return `${micros < 0n ? '-' : ''}${text.slice(0, point)}${fraction}`;
}

/** Micros as a decimal string in currency units, rounded half away from zero to `digits` decimals (0 to 6). */
export const formatMicros = (micros: bigint, digits: number): string => print(roundMicros(micros, digits), digits);

/** Micros as a decimal string in currency units with every digit that they need, and at least two decimals. */
export function formatExact(micros: bigint): string {
  const text = print(micros, MICRO_DIGITS);
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO && end > text.length - MICRO_DIGITS + 2) end -= 1;
  return text.slice(0, end);
}

/** As `formatExact`; null where there is no amount. */
export const exactOrNull = (micros: bigint | null): string | null => (micros === null ? null : formatExact(micros));

/**
 * Indices of the shares that get the micros left over: the largest remainder first, among equals the first in order.
 */
function byRemainder(remainders: readonly bigint[]): number[] {
  return remainders
    .map((_, index) => index)
    .sort((a, b) => {
      const [left, right] = [remainders[a]!, remainders[b]!];
      return left === right ? a - b : left < right ? 1 : -1;
    });
}

function splitEvenly(totalMicros: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight !== 0n))
    throw new RangeError('Weights that cancel out to zero have no shares. Share by amounts of one sign.');
  return shareOf(
    totalMicros,
    weights.map(() => 1n),
  );
}

/**
 * Shares a total in proportion to weights, such as an order's discount over its lines. Every share is the exact one
 * rounded to micros, half away from zero, except that the shares sum to the total: the largest remainders decide who
 * gets a micro more. Weights that are all zero share evenly. Throws RangeError where there is nothing to share by.
 */
export function shareOf(totalMicros: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 0 && totalMicros !== 0n)
    throw new RangeError(`${formatExact(totalMicros)} cannot be shared over nothing.`);
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  if (sum === 0n) return weights.length === 0 ? [] : splitEvenly(totalMicros, weights);
  const [total, whole] = [magnitude(totalMicros), magnitude(sum)];
  const products = weights.map((weight) => total * (sum < 0n ? -weight : weight));
  const shares = products.map((product) => floorDivide(product, whole));
  const remainders = products.map((product, index) => product - shares[index]! * whole);
  const left = Number(total - shares.reduce((all, share) => all + share, 0n));
  for (const index of byRemainder(remainders).slice(0, left)) shares[index]! += 1n;
  return totalMicros < 0n ? shares.map((share) => -share) : shares;
}

/**
 * One share of a total: `total` × `part` / `whole`, rounded to micros half away from zero. Throws InexactAmountError
 * where it is larger than 64 bits hold, RangeError where `whole` is zero.
 */
export function shareOfWhole(totalMicros: bigint, part: bigint, whole: bigint): bigint {
  if (whole === 0n) throw new RangeError(`${formatExact(totalMicros)} cannot be shared over nothing.`);
  const [dividend, divisor] = whole < 0n ? [-totalMicros * part, -whole] : [totalMicros * part, whole];
  return fitting(divideRounded(dividend, divisor), `${formatExact(totalMicros)} × ${part} / ${whole}`);
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
