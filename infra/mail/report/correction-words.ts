import { lowered } from '../../../domain/lowered.ts';
import type { CorrectionItem, CorrectionView } from './correction-view.ts';
import { parseDecimal } from './decimal.ts';
import { DASH, type MoneyFormat, printNumber, shortDate } from './format.ts';

export const correctionName = ({ metric, place }: CorrectionItem): string =>
  place === null ? metric : `${metric}, ${place}`;

/** "Reason: late arrival. 2 orders arrived on 3 December. Now reconciled with …" */
export function whyWords({ reason, explanation, certificate }: CorrectionItem): string {
  return [`Reason: ${reason}`, explanation, certificate === '' ? null : `Now ${certificate}`]
    .flatMap((part) => (part === null || part === '' ? [] : withFullStop(part)))
    .join(' ');
}

const withFullStop = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

export const correctedValue = (value: string | null, { currency }: CorrectionItem, money: MoneyFormat): string =>
  value === null ? DASH : printNumber(value, currency, money);

/** What was told before: of a member that is new, that it was not. */
export const reportedValue = (item: CorrectionItem, money: MoneyFormat): string =>
  item.isNew ? 'not reported' : correctedValue(item.old, item, money);

/** A change has a sign of its own: parentheses say that a number is a deduction. */
export function signedChange({ change, currency }: CorrectionItem, money: MoneyFormat): string {
  if (change === null) return DASH;
  const printed = printNumber(change.replace(/^-/, ''), currency, money);
  const { units } = parseDecimal(change);
  return units === 0n ? printed : `${units < 0n ? '\u2212' : '+'}${printed}`;
}

const dayWords = (date: string): string => `${shortDate(date)} ${date.slice(0, 4)}`;

/** "net sales of Wed 1 Dec 2010", "3 numbers of Wed 1 Dec 2010", "5 numbers of 2 days". */
export function whatWasCorrected({ items }: CorrectionView): string {
  const days = new Set(items.map((item) => item.businessDate));
  const [first] = items;
  const of = days.size === 1 ? dayWords(first!.businessDate) : `${days.size} days`;
  return `${items.length === 1 ? lowered(correctionName(first!)) : `${items.length} numbers`} of ${of}`;
}

/** What a reader has to know before the figures. */
export function correctionLead({ items }: CorrectionView): string {
  return items.length === 1
    ? 'A number that we reported to you has changed. Please use the one below: every earlier mail that shows it stands corrected.'
    : `${items.length} numbers that we reported to you have changed. Please use those below: every earlier mail that shows them stands corrected.`;
}
