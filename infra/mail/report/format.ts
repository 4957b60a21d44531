import { DateTime } from 'luxon';
import { type Decimal, parseDecimal, printUnsigned, roundTo } from './decimal.ts';

export const DASH = '\u2014';
export const NBSP = '\u00A0';
const MINUS = '\u2212';

/** How the amounts of one mail print. */
export interface MoneyFormat {
  currency: string;
  currencyDigits: number;
}

/**
 * A published number without its currency code: "58,635.56", "(297.73)" for a deduction, "137" for a count.
 * Another currency than the mail's prints with its code, for the column head says the mail's.
 */
export function printNumber(value: string, currency: string | null, money: MoneyFormat): string {
  const exact = parseDecimal(value);
  if (currency === null) return signed(exact);
  if (currency !== money.currency) return `${currency}${NBSP}${signed(exact)}`;
  return signed(atLeastDigits(exact, money.currencyDigits));
}

/** The same with its currency code, for a number that stands alone: "GBP 58,635.56". */
export function printWithCode(value: string, currency: string | null, money: MoneyFormat): string {
  const printed = printNumber(value, currency, money);
  return currency === money.currency ? `${currency}${NBSP}${printed}` : printed;
}

/** "+12.4 %", "−31.3 %", "0.0 %": one decimal, half away from zero. */
export function printChange(percent: string): string {
  const rounded = roundTo(parseDecimal(percent), 1);
  const sign = rounded.units > 0n ? '+' : rounded.units < 0n ? MINUS : '';
  return `${sign}${printUnsigned(rounded)}${NBSP}%`;
}

/** "37.2 %": a share has no plus sign. */
export function printShare(percent: string): string {
  return printChange(percent).replace('+', '');
}

export function printCount(count: number): string {
  return printUnsigned({ units: BigInt(count), scale: 0 });
}

/** "1 record", "2,109 records". */
export function printRecords(count: number): string {
  return `${printCount(count)} ${count === 1 ? 'record' : 'records'}`;
}

/** "Wednesday, 1 December 2010" */
export function longDate(date: string): string {
  return calendarDay(date).toFormat('cccc, d LLLL yyyy');
}

/** "29 December 2010" */
export function dayOfYear(date: string): string {
  return calendarDay(date).toFormat('d LLLL yyyy');
}

/** "Wed 1 Dec" */
export function shortDate(date: string): string {
  return calendarDay(date).toFormat('ccc d LLL');
}

/** "1 Dec" */
export function dayAndMonth(date: string): string {
  return calendarDay(date).toFormat('d LLL');
}

/** "December": heads the month-to-date column. */
export function monthName(date: string): string {
  return calendarDay(date).toFormat('LLLL');
}

/** "Thursday, 2 December 2010, 11:00 (Europe/London)"; in UTC where the zone is unknown, so that a mail always goes out. */
export function instantIn(instant: string, timezone: string): string {
  const shown = inZone(instant, timezone);
  return `${shown.toFormat('cccc, d LLLL yyyy, HH:mm')} (${shown.zoneName})`;
}

/** "Thu 2 Dec 11:00", where the mail names the zone elsewhere. */
export function shortInstantIn(instant: string, timezone: string): string {
  return inZone(instant, timezone).toFormat('ccc d LLL HH:mm');
}

function inZone(instant: string, timezone: string): DateTime {
  const local = DateTime.fromISO(instant, { zone: timezone, locale: 'en-GB' });
  return local.isValid ? local : DateTime.fromISO(instant, { zone: 'UTC', locale: 'en-GB' });
}

export function calendarDay(date: string): DateTime {
  return DateTime.fromISO(date, { zone: 'UTC', locale: 'en-GB' });
}

function signed(value: Decimal): string {
  return value.units < 0n ? `(${printUnsigned(value)})` : printUnsigned(value);
}

/** Pads to the currency's digits and drops zeros beyond them; further digits that count stay, for nothing rounds here. */
function atLeastDigits(value: Decimal, digits: number): Decimal {
  if (value.scale <= digits) return roundTo(value, digits);
  return value.units % 10n === 0n ? atLeastDigits({ units: value.units / 10n, scale: value.scale - 1 }, digits) : value;
}
