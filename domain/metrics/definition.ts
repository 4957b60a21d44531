import type { Book, EntryKind } from '../../schemas/operating-model/kinds.ts';

/** How a metric is made from entries or from other metrics. `total` and `ratio` work on published values, so they foot. */
export type Formula =
  | { by: 'sum'; book: Book; kinds: readonly (EntryKind | '*')[] }
  | { by: 'entries'; book: Book; kinds: readonly (EntryKind | '*')[] }
  | { by: 'orders'; count: 'placed' | 'in_report' }
  | { by: 'customers'; count: 'all' | 'new' | 'returning' }
  | { by: 'total'; of: readonly string[] }
  | { by: 'ratio'; numerator: readonly string[]; denominator: string };

export type Unit = 'money' | 'count' | 'money_per_count' | 'number';

/** A versioned definition; `deduction` metrics are negative and print in parentheses. */
export type Metric = { id: string; title: string; version: number; unit: Unit; formula: Formula; deduction?: true };

/** `net_sales@1`: what a published number names as its definition. */
export const definitionId = (metric: Pick<Metric, 'id' | 'version'>): string => `${metric.id}@${metric.version}`;
