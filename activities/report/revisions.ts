import { lowered } from '../../domain/lowered.ts';
import { revisionReasonWords } from '../../domain/publish/revision-reason.ts';
import { dayAndMonth, dayOfYear, printNumber } from '../../infra/mail/report/format.ts';
import { printValue } from './scale.ts';

/** A number that a destination was told otherwise before: what it was told last, and what holds now. */
export type RevisedNumber = {
  /** The metric as the report names it: "Net sales". */
  metric: string;
  /** The store; null for the client as a whole. */
  place: string | null;
  businessDate: string;
  /** A member of a slice that was not reported. */
  isNew: boolean;
  oldMicros: bigint | null;
  newMicros: bigint | null;
  /** null for a count or a plain ratio. */
  currency: string | null;
  reason: string;
};

/** So many numbers are named; more would be a second report. */
const MOST_NAMED = 3;

const placeKey = (one: RevisedNumber): string => `${one.businessDate}/${one.place ?? ''}`;

function sizeOfChange({ oldMicros, newMicros }: RevisedNumber): bigint {
  const change = (newMicros ?? 0n) - (oldMicros ?? 0n);
  return change < 0n ? -change : change;
}

/** Amounts before counts, the larger change first, and of equal ones the later day. */
function byWeight(a: RevisedNumber, b: RevisedNumber): number {
  if ((a.currency === null) !== (b.currency === null)) return a.currency === null ? 1 : -1;
  const [left, right] = [sizeOfChange(a), sizeOfChange(b)];
  return left === right ? b.businessDate.localeCompare(a.businessDate) : right > left ? 1 : -1;
}

/** The number that stands for a place's day: the one of the metric that the report sets large, or the first. */
function namedOf(revised: readonly RevisedNumber[], headline: string): RevisedNumber[] {
  const byDay = [...Map.groupBy(revised, placeKey).values()];
  const first = byDay.map((day) => day.find((one) => one.metric === headline) ?? day[0]!);
  return first.sort(byWeight).slice(0, MOST_NAMED);
}

function valueWords(micros: bigint | null, currency: string | null): string {
  const isWhole = micros !== null && micros % 1_000_000n === 0n;
  const printed = printValue(micros, currency, isWhole);
  return printed === null ? 'no number' : printNumber(printed, null, { currency: '', currencyDigits: 0 });
}

/** "net sales 12 Nov GBP 1,200.00 → 1,180.00 (late arrival)" */
function changeWords(one: RevisedNumber, year: string): string {
  const { metric, place, businessDate, currency } = one;
  const name = `${lowered(metric)}${place === null ? '' : `, ${place},`}`;
  const day = businessDate.startsWith(year) ? dayAndMonth(businessDate) : dayOfYear(businessDate);
  const before = one.isNew ? 'not reported' : valueWords(one.oldMicros, currency);
  const code = currency === null || (one.oldMicros === null && !one.isNew) ? '' : `${currency} `;
  return `${name} ${day} ${code}${before} → ${valueWords(one.newMicros, currency)} (${revisionReasonWords(one.reason)})`;
}

/**
 * What was revised since the last report, as its one *Revisions* line: how many days, the numbers of the days that
 * changed most, and how many more there are. Null where nothing was. The list is in the order of the report.
 */
export function revisionsLine(
  revised: readonly RevisedNumber[],
  report: { businessDate: string; headline: string },
): string | null {
  if (revised.length === 0) return null;
  const days = new Set(revised.map((one) => one.businessDate)).size;
  const named = namedOf(revised, report.headline);
  const words = named.map((one) => changeWords(one, report.businessDate.slice(0, 4)));
  const more = revised.length - named.length;
  const tail = more === 0 ? '' : `, and ${more} more ${more === 1 ? 'number' : 'numbers'}`;
  return `${days} ${days === 1 ? 'day was' : 'days were'} revised since the last report: ${words.join('; ')}${tail}.`;
}
