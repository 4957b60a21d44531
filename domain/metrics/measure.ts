import type { Catalog } from './catalog.ts';
import type { Formula } from './definition.ts';

export type EntrySum = Extract<Formula, { by: 'sum' | 'entries' }>;

/**
 * How single records make up a metric. `amounts` and `entries` add up over records; `orders` and `customers` count each
 * one once; `parts` is made of other metrics' values, and no record has a share of it.
 */
export type Measure =
  | { by: 'amounts' | 'entries'; of: readonly EntrySum[] }
  | { by: 'orders' | 'customers'; count: 'all' | 'first' | 'again' }
  | { by: 'parts'; of: readonly string[] };

const COUNTS = { placed: 'first', in_report: 'all', all: 'all', new: 'first', returning: 'again' } as const;

function ofTotal(catalog: Catalog, of: readonly string[]): Measure {
  const parts = of.map((id) => measureOf(catalog, id));
  for (const by of ['amounts', 'entries'] as const) {
    const own = parts.flatMap((part) => (part.by === by ? part.of : []));
    if (parts.every((part) => part.by === by)) return { by, of: own };
  }
  return { by: 'parts', of };
}

/** What records a metric is made of, down through the metrics that it sums. */
export function measureOf(catalog: Catalog, id: string): Measure {
  const formula = catalog.get(id)?.formula;
  switch (formula?.by) {
    case 'sum':
      return { by: 'amounts', of: [formula] };
    case 'entries':
      return { by: 'entries', of: [formula] };
    case 'orders':
    case 'customers':
      return { by: formula.by, count: COUNTS[formula.count] };
    case 'total':
      return ofTotal(catalog, formula.of);
    case 'ratio':
      return { by: 'parts', of: [...formula.numerator, formula.denominator] };
    case undefined:
      return { by: 'parts', of: [] };
  }
}

/** How often an entry of a book and kind counts in the sums. */
export const weightOf = (sums: readonly EntrySum[], book: string, kind: string): number =>
  sums.filter((one) => one.book === book && one.kinds.some((wanted) => wanted === '*' || wanted === kind)).length;
