import type { CheckOf } from '../schemas/operating-model.ts';
import { type DefinedDay, foundText, type Judged, judgeDefined } from './checks/metric-result.ts';
import { divideRounded, magnitude } from './decimal.ts';
import { type MetricDay, numberText, type PublishedDay, weekdayName } from './metric-day.ts';
import { formatExact } from './money.ts';
import { compareToLimit } from './tolerance.ts';

export { judgeSafetyBound } from './safety-bound.ts';

type Anomaly = Pick<CheckOf<'anomaly'>, 'sensitivity' | 'ignoreBelow' | 'minimumHistory'>;

const MICROS_PER_UNIT = 1_000_000n;
const DEFAULT_MINIMUM = 6;
/** A quarter: long enough to be calm about one odd week, short enough to follow a shop that grows. */
const WINDOW = 12;

/**
 * How many spreads from the middle are still usual, in tenths. 3.5 is what Iglewicz and Hoaglin ("How to Detect and
 * Handle Outliers", 1993) recommend for a score by median and MAD; tried on random days, medium is wrong on 1 in 100.
 */
const TENTHS = { low: 50n, medium: 35n, high: 25n } as const;

/** So many same weekdays before a day are looked at; weeks without a published number make room for earlier ones. */
export const historyWanted = (check: Anomaly): number => Math.max(WINDOW, check.minimumHistory ?? DEFAULT_MINIMUM);

function median(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const upper = sorted[Math.floor(sorted.length / 2)]!;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]!;
  return divideRounded(lower + upper, 2n);
}

/** A count varies by about its square root, however calm the few days before it were. */
function countNoise(day: DefinedDay, expected: bigint): bigint {
  if (day.unit !== 'count') return 0n;
  return BigInt(Math.round(Math.sqrt(Number(magnitude(expected)) * Number(MICROS_PER_UNIT))));
}

/** The usual distance from the middle: the MAD, made comparable to a standard deviation, or a floor under it. */
function spread(day: DefinedDay, history: readonly bigint[], expected: bigint): bigint {
  const deviation = median(history.map((value) => magnitude(value - expected)));
  const candidates = [(deviation * 14_826n) / 10_000n, (magnitude(expected) * 3n) / 100n, countNoise(day, expected)];
  return candidates.reduce((largest, one) => (one > largest ? one : largest));
}

export type Expectation = { expectedMicros: bigint; allowedMicros: bigint };

/**
 * What a weekday usually is, and how far from it is still usual. One odd day among the history moves neither. The fewer
 * days there are, the wider: by 1 + 2/n.
 */
function expectation(check: Anomaly, day: DefinedDay, history: readonly PublishedDay[]): Expectation {
  const values = history.map((one) => one.valueMicros);
  const expectedMicros = median(values);
  const count = BigInt(values.length);
  const reach = spread(day, values, expectedMicros) * TENTHS[check.sensitivity ?? 'medium'] * (count + 2n);
  return { expectedMicros, allowedMicros: reach / (10n * count) };
}

function learning(day: DefinedDay, known: number, wanted: number): Judged {
  const name = weekdayName(day.date);
  const message = `${foundText(day, name)}; it is judged from ${wanted} published ${name}s on, ${known} are there`;
  return { status: 'learning', message, observed: { value: formatExact(day.valueMicros), history: known } };
}

function expectedText(
  day: DefinedDay,
  history: readonly PublishedDay[],
  { expectedMicros, allowedMicros }: Expectation,
): string {
  const text = (micros: bigint) => numberText(day, micros);
  const range = `between ${text(expectedMicros - allowedMicros)} and ${text(expectedMicros + allowedMicros)}`;
  const days = `${history.length} ${weekdayName(day.date)}s from ${history.at(-1)!.date} to ${history[0]!.date}`;
  return `expected is ${text(expectedMicros)}, ${range}, by the ${days}`;
}

/**
 * Judges whether a number is unusual for its weekday, from the published numbers of the same weekday before this day.
 * While there are fewer than `minimumHistory` (6) it learns; a difference below `ignoreBelow` is never unusual.
 */
export function judgeAnomaly(check: Anomaly, metricDay: MetricDay): Judged {
  return judgeDefined(metricDay, (day) => {
    const history = day.history.slice(0, historyWanted(check));
    const minimum = check.minimumHistory ?? DEFAULT_MINIMUM;
    if (history.length < minimum) return learning(day, history.length, minimum);
    const expected = expectation(check, day, history);
    const away = day.valueMicros - expected.expectedMicros;
    const small = check.ignoreBelow !== undefined && compareToLimit(magnitude(away), check.ignoreBelow) < 0;
    const usual = magnitude(away) <= expected.allowedMicros;
    const observed = {
      value: formatExact(day.valueMicros),
      expected: formatExact(expected.expectedMicros),
      allowed: formatExact(expected.allowedMicros),
      history: history.map((one) => one.date),
    };
    const found = `${foundText(day, weekdayName(day.date))}; ${expectedText(day, history, expected)}`;
    const guarded = !usual && small ? `; a difference below ${check.ignoreBelow} is ignored` : '';
    return { status: usual || small ? 'passed' : 'failed', message: `${found}${guarded}`, observed };
  });
}
