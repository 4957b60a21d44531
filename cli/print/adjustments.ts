import type { PeriodDocument } from '../documents.ts';
import { words } from '../text.ts';
import { type Cell, right, table } from './table.ts';
import { amount, day } from './values.ts';

type Adjustment = PeriodDocument['adjustments'][number];

const fractionOf = (text: string): string => text.split('.')[1] ?? '';

/** Exact decimals added up, with as many digits as the longest of them. */
export function sumOf(texts: readonly string[]): string {
  const digits = Math.max(...texts.map((one) => fractionOf(one).length));
  const scaled = (text: string) => BigInt(text.replace('.', '') + '0'.repeat(digits - fractionOf(text).length));
  const sum = texts.reduce((all, one) => all + scaled(one), 0n);
  const figures = String(sum < 0n ? -sum : sum).padStart(digits + 1, '0');
  const whole = figures.slice(0, figures.length - digits);
  return `${sum < 0n ? '-' : ''}${whole}${digits === 0 ? '' : `.${figures.slice(-digits)}`}`;
}

/** What was posted to a month about one number is one line: what was taken back again leaves none. */
export function netOf(adjustments: readonly Adjustment[]): Adjustment[] {
  const keyOf = (one: Adjustment) => JSON.stringify([one.businessDate, one.postedIn, one.store, one.metric]);
  return [...Map.groupBy(adjustments, keyOf).values()]
    .map((own) => ({
      ...own[0]!,
      amount: sumOf(own.map((one) => one.amount)),
      reason: [...new Set(own.map((one) => words(one.reason)))].join(', '),
    }))
    .filter((one) => /[1-9]/.test(one.amount));
}

export function adjustmentsText(title: string, adjustments: readonly Adjustment[]): string | undefined {
  const net = netOf(adjustments);
  if (net.length === 0) return undefined;
  const several = new Set(net.map((one) => one.store)).size > 1;
  return table(
    [title, 'Posted in', 'Metric', ...(several ? ['Store'] : []), 'Amount', 'Why'],
    net.map((one): Cell[] => [
      day(one.businessDate),
      one.postedIn,
      one.metric,
      ...(several ? [one.store || 'all'] : []),
      right(amount(one.amount, one.currency)),
      one.reason,
    ]),
  );
}
