import type { CheckOf } from '../schemas/operating-model.ts';
import { type DefinedDay, foundText, type Judged, judgeDefined } from './checks/metric-result.ts';
import { decimalOf, divideRounded, isWithin, magnitude } from './decimal.ts';
import { type MetricDay, numberText, type PublishedDay, weekdayName } from './metric-day.ts';
import { formatExact, formatMicros } from './money.ts';
import { compareToLimit, percentOf } from './tolerance.ts';

type SafetyBound = Pick<CheckOf<'safety_bound'>, 'minimum' | 'maximum' | 'maximumChange'>;

const MICROS_PER_UNIT = 1_000_000n;

function changeText(day: DefinedDay, before: PublishedDay): string {
  const change = day.valueMicros - before.valueMicros;
  const base = magnitude(before.valueMicros);
  const percent = base === 0n ? '' : ` (${formatMicros(divideRounded(change * 100n * MICROS_PER_UNIT, base), 1)} %)`;
  const from = `${numberText(day, before.valueMicros)} on ${weekdayName(before.date)} ${before.date}`;
  return `${numberText(day, change)}${percent} against ${from}`;
}

function brokenChange(limits: NonNullable<SafetyBound['maximumChange']>, day: DefinedDay): string | null {
  const [before] = day.history;
  if (!before) return null;
  const change = day.valueMicros - before.valueMicros;
  const { absolute, percent } = limits;
  const holds =
    (absolute === undefined || isWithin(change, decimalOf(absolute), MICROS_PER_UNIT)) &&
    (percent === undefined || isWithin(change, percentOf(percent), before.valueMicros));
  if (holds) return null;
  const allowed = [absolute, percent && `${percent} %`].filter(Boolean).join(' and ');
  return `a change of ${changeText(day, before)}, allowed is ${allowed}`;
}

function brokenLimits(bound: SafetyBound, day: DefinedDay): string[] {
  const { minimum, maximum, maximumChange } = bound;
  const broken: string[] = [];
  if (minimum !== undefined && compareToLimit(day.valueMicros, minimum) < 0)
    broken.push(`below the minimum of ${minimum}`);
  if (maximum !== undefined && compareToLimit(day.valueMicros, maximum) > 0)
    broken.push(`above the maximum of ${maximum}`);
  const change = maximumChange ? brokenChange(maximumChange, day) : null;
  return change ? [...broken, change] : broken;
}

/**
 * Judges a number by the bounds that the model states. The change is against the latest published number of the same
 * weekday before this day; percent of zero allows no change. Without such a number a bound on the change alone learns.
 */
export function judgeSafetyBound(bound: SafetyBound, metricDay: MetricDay): Judged {
  return judgeDefined(metricDay, (day) => {
    const [before] = day.history;
    const found = foundText(day, weekdayName(day.date));
    const observed = {
      value: formatExact(day.valueMicros),
      before: before ? formatExact(before.valueMicros) : null,
      beforeDate: before?.date ?? null,
    };
    const broken = brokenLimits(bound, day);
    if (broken.length > 0) return { status: 'failed', message: `${found}: ${broken.join('; ')}`, observed };
    const unjudged = bound.maximumChange && !before ? `; no ${weekdayName(day.date)} before it is published yet` : '';
    const onlyChange = bound.minimum === undefined && bound.maximum === undefined;
    return { status: unjudged && onlyChange ? 'learning' : 'passed', message: `${found}${unjudged}`, observed };
  });
}
