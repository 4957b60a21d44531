import type { Catalog } from '../metrics/catalog.ts';
import type { Metric } from '../metrics/definition.ts';
import { type DayTotal, isAdditive, partsOver, ratioOf, sumOf } from './over-days.ts';

/** What was posted to the month about days of earlier ones, added up. */
export type AdjustedTotal = {
  storeId: string;
  metric: string;
  definition: string;
  currency: string | null;
  micros: bigint;
};

/** A number of a month. `daysMicros` and `valueMicros` null: a ratio over nothing. */
export type PeriodNumber = {
  storeId: string;
  metric: string;
  definition: string;
  currency: string | null;
  days: number;
  daysMicros: bigint | null;
  adjustmentMicros: bigint;
  valueMicros: bigint | null;
};

type Part = { days: readonly DayTotal[]; adjusted: readonly AdjustedTotal[] };

const adjustedOf = (adjusted: readonly AdjustedTotal[], metric: string): bigint =>
  adjusted.filter((one) => one.metric === metric).reduce((sum, one) => sum + one.micros, 0n);

/** A mid-month change of a definition shows: the month is made of both. */
const definitionsOf = (days: readonly DayTotal[], adjusted: readonly AdjustedTotal[]): string =>
  [...new Set([...days, ...adjusted].map((one) => one.definition))].sort().join(', ');

function ratioNumber(metric: Metric, { days, adjusted }: Part): Pick<PeriodNumber, 'daysMicros' | 'valueMicros'> {
  if (metric.formula.by !== 'ratio') throw new TypeError(`${metric.id} is no ratio`);
  const ofDays = partsOver(days, metric);
  const more = metric.formula.numerator.reduce((sum, id) => sum + adjustedOf(adjusted, id), 0n);
  return {
    daysMicros: ratioOf(ofDays.numerator, ofDays.denominator),
    valueMicros: ratioOf(
      ofDays.numerator + more,
      ofDays.denominator + adjustedOf(adjusted, metric.formula.denominator),
    ),
  };
}

function numberOf(metric: Metric, storeId: string, part: Part): PeriodNumber {
  const days = part.days.filter((one) => one.metric === metric.id);
  const adjusted = part.adjusted.filter((one) => one.metric === metric.id);
  const daysMicros = sumOf(days, metric.id);
  const adjustmentMicros = isAdditive(metric) ? adjustedOf(adjusted, metric.id) : 0n;
  return {
    storeId,
    metric: metric.id,
    definition: definitionsOf(days, adjusted),
    currency: [...days, ...adjusted].find((one) => one.currency !== null)?.currency ?? null,
    days: days.length,
    adjustmentMicros,
    ...(isAdditive(metric) ? { daysMicros, valueMicros: daysMicros + adjustmentMicros } : ratioNumber(metric, part)),
  };
}

/** A metric has a number of the month, unless single days say nothing of it. */
const hasMonth = (metric: Metric): boolean => isAdditive(metric) || metric.formula.by === 'ratio';

/**
 * The numbers of a month, by place and metric: the sum of its published days and what was posted to it about earlier
 * months; ratios are made of these sums.
 */
export function periodNumbers(
  catalog: Catalog,
  days: readonly DayTotal[],
  adjusted: readonly AdjustedTotal[],
): PeriodNumber[] {
  const stores = [...new Set([...days, ...adjusted].map((one) => one.storeId))].sort();
  return stores.flatMap((storeId) => {
    const part = {
      days: days.filter((one) => one.storeId === storeId),
      adjusted: adjusted.filter((one) => one.storeId === storeId),
    };
    const ids = [...new Set([...part.days, ...part.adjusted].map((one) => one.metric))].sort();
    return ids.flatMap((id) => {
      const metric = catalog.get(id);
      return metric && hasMonth(metric) ? [numberOf(metric, storeId, part)] : [];
    });
  });
}
