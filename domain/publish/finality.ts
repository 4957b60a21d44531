import type { OperatingModel } from '../../schemas/operating-model.ts';
import { addDays } from '../business-day.ts';
import type { Catalog } from '../metrics/catalog.ts';
import { sourcesOf } from './streams.ts';

export type Finality = 'provisional' | 'final';

/** A number is provisional until the settling windows of its sources have ended. `today` is a date of the client's zone. */
export function finalityOf(
  model: OperatingModel,
  catalog: Catalog,
  metric: string,
  date: string,
  today: string,
): Finality {
  const read = sourcesOf(model, catalog, metric);
  const open = model.sources.some((source) => read.has(source.id) && addDays(date, source.settlingDays) >= today);
  return open ? 'provisional' : 'final';
}
