import type { OperatingModel } from '../../schemas/operating-model.ts';
import { addDays, dayBounds } from '../business-day.ts';
import type { Catalog } from '../metrics/catalog.ts';
import { sourcesOf } from './streams.ts';

export type Finality = 'provisional' | 'final';

/** How many days after its business day a metric settles: when its own window and those of its sources have ended. */
export function settlingDays(model: OperatingModel, catalog: Catalog, metric: string): number {
  const { metrics = {} } = model.revisions ?? {};
  const read = sourcesOf(model, catalog, metric);
  const own = (metrics[metric] ?? metrics['*'])?.settlingDays ?? 0;
  return Math.max(own, ...model.sources.filter(({ id }) => read.has(id)).map((source) => source.settlingDays));
}

/** The first calendar day, in the client's zone, on which a number of a business day is final. */
export const finalOn = (model: OperatingModel, catalog: Catalog, metric: string, date: string): string =>
  addDays(date, settlingDays(model, catalog, metric) + 1);

/** The instant from which on a number is final: provisional before it. */
export function finalAt(model: OperatingModel, catalog: Catalog, metric: string, date: string): Date {
  const { timezone, cutOff } = model.client;
  return new Date(dayBounds(finalOn(model, catalog, metric, date), timezone, cutOff).startMs);
}
