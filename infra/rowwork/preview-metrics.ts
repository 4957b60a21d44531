import { minorDigits } from '../../domain/currency.ts';
import { type Catalog, metricCatalog } from '../../domain/metrics/catalog.ts';
import { formatExact, formatMicros } from '../../domain/money.ts';
import type { Withheld } from '../../domain/publish/withhold.ts';
import type { StoredValue } from '../postgres/metrics/values.ts';
import { type JudgedDay, totalsOf } from './judge-day.ts';
import type { Trial } from './try-day.ts';

export type PreviewedMetric = {
  metric: string;
  definition: string;
  slice: null;
  value: string | null;
  currency: string | null;
  /** What the close would make of it, before any person decides. */
  status: 'published' | 'withheld' | 'undefined';
  /** Why it would be withheld. */
  reason?: string;
};

/** A number as text: money to the digits of its currency, a count whole, a ratio exact; null where there is none. */
export function valueText(
  catalog: Catalog,
  { metric, valueMicros, currency }: Pick<StoredValue, 'metric' | 'valueMicros' | 'currency'>,
): string | null {
  if (valueMicros === null) return null;
  if (currency !== null) return formatMicros(valueMicros, minorDigits(currency));
  return catalog.get(metric)?.unit === 'count' ? formatMicros(valueMicros, 0) : formatExact(valueMicros);
}

/** A number that a finding holds back is still shown: it is what the finding speaks of. */
function previewed(catalog: Catalog, value: StoredValue, held: Withheld | null): PreviewedMetric {
  const { metric, definition, currency } = value;
  const text = held?.finding === null ? null : valueText(catalog, value);
  const common = { metric, definition, slice: null, value: text, currency };
  if (held) return { ...common, status: 'withheld', reason: held.reason };
  return { ...common, status: text === null ? 'undefined' : 'published' };
}

/** The client's totals, and what the close would make of them by its own checks and controls. */
export function previewMetrics(trial: Trial, { values, withheld }: JudgedDay): PreviewedMetric[] {
  const catalog = metricCatalog(trial.model.document);
  return totalsOf(trial, values).map((value) => previewed(catalog, value, withheld(value)));
}
