import type { MetricDefinition, OperatingModel } from '../../schemas/operating-model.ts';
import type { Formula, Metric, Unit } from './definition.ts';
import { STANDARD_METRICS } from './library.ts';

export type Catalog = ReadonlyMap<string, Metric>;

function clientFormula({ sum, count, ratio }: MetricDefinition): Formula {
  if (sum) return { by: 'sum', book: sum.book ?? 'sales', kinds: sum.kinds };
  if (ratio) return { by: 'ratio', numerator: [ratio.numerator], denominator: ratio.denominator };
  if (count?.distinct === 'order') return { by: 'orders', count: 'in_report' };
  if (count?.distinct === 'customer') return { by: 'customers', count: 'all' };
  return { by: 'entries', book: count?.book ?? 'sales', kinds: count?.kinds ?? ['*'] };
}

const clientUnit = (formula: Formula): Unit =>
  formula.by === 'sum' ? 'money' : formula.by === 'ratio' ? 'number' : 'count';

function clientMetric(definition: MetricDefinition): Metric {
  const formula = clientFormula(definition);
  return {
    id: definition.id,
    title: definition.title,
    version: definition.version,
    unit: clientUnit(formula),
    formula,
  };
}

/** The standard library with the client's own metrics beside it, by id. */
export function metricCatalog(model: Pick<OperatingModel, 'metrics'>): Catalog {
  const own = model.metrics.map(clientMetric);
  return new Map([...STANDARD_METRICS, ...own].map((metric) => [metric.id, metric]));
}

/** The metrics that a metric is made of; none for one that reads entries. */
export function inputsOf(metric: Metric): readonly string[] {
  if (metric.formula.by === 'total') return metric.formula.of;
  if (metric.formula.by === 'ratio') return [...metric.formula.numerator, metric.formula.denominator];
  return [];
}

function addWithInputs(catalog: Catalog, id: string, ordered: Map<string, Metric>): void {
  const metric = catalog.get(id);
  if (!metric || ordered.has(id)) return;
  for (const input of inputsOf(metric)) addWithInputs(catalog, input, ordered);
  ordered.set(id, metric);
}

/** A metric with everything that it is made of, each after what it is made of itself. */
export function withInputs(catalog: Catalog, id: string): readonly Metric[] {
  const ordered = new Map<string, Metric>();
  addWithInputs(catalog, id, ordered);
  return [...ordered.values()];
}

/**
 * The metrics that a client's close computes, every one after those it is made of: what the report shows, what a
 * control or check looks at, the client's own, and whatever these are made of.
 */
export function computedMetrics(model: OperatingModel, catalog: Catalog = metricCatalog(model)): readonly Metric[] {
  const checked = model.checks.flatMap((check) => ('metric' in check ? [check.metric] : []));
  const wanted = [
    ...model.report.metrics,
    ...model.metrics.map((own) => own.id),
    ...model.controls.map((c) => c.metric),
    ...checked,
  ];
  const ordered = new Map<string, Metric>();
  for (const id of wanted) addWithInputs(catalog, id, ordered);
  return [...ordered.values()];
}
