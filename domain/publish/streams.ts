import type { OperatingModel, Source } from '../../schemas/operating-model.ts';
import { type Catalog, inputsOf } from '../metrics/catalog.ts';
import type { Metric } from '../metrics/definition.ts';

type Stream = { book: string; kinds: readonly string[] };

function streamOf(metric: Metric): Stream | null {
  const { formula } = metric;
  if (formula.by === 'sum' || formula.by === 'entries') return { book: formula.book, kinds: formula.kinds };
  if (formula.by === 'orders' || formula.by === 'customers') return { book: 'sales', kinds: ['gross_sales'] };
  return null;
}

function emits(source: Source, stream: Stream): boolean {
  const { mapping } = source;
  const parts = mapping.cases ?? mapping.entries ?? [];
  return parts.some((part) => {
    const book = part.book ?? mapping.book ?? 'sales';
    return book === stream.book && (stream.kinds.includes('*') || stream.kinds.includes(part.is));
  });
}

/** The sources that a metric reads, directly or through the metrics that it is made of. */
export function sourcesOf(model: OperatingModel, catalog: Catalog, metricId: string): ReadonlySet<string> {
  const metric = catalog.get(metricId);
  if (!metric) return new Set();
  const stream = streamOf(metric);
  const own = stream ? model.sources.filter((source) => emits(source, stream)).map((source) => source.id) : [];
  return new Set([...own, ...inputsOf(metric).flatMap((input) => [...sourcesOf(model, catalog, input)])]);
}

/** Whether a metric is, or is made of, one of `roots`. */
export function restsOn(catalog: Catalog, metricId: string, roots: ReadonlySet<string>): boolean {
  if (roots.has(metricId)) return true;
  const metric = catalog.get(metricId);
  return metric ? inputsOf(metric).some((input) => restsOn(catalog, input, roots)) : false;
}
