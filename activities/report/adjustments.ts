import type { Catalog } from '../../domain/metrics/catalog.ts';
import type { AdjustmentItem } from '../../infra/mail/report/view.ts';
import type { OperatingModel } from '../../schemas/operating-model.ts';
import { currencyAt, placesOf } from './places.ts';
import { printValue } from './scale.ts';

/** A change to a locked month, which counts in the month that was open when it came and keeps its own date. */
export type PriorPeriodAdjustment = {
  eventDate: string;
  metric: string;
  /** '' is the client as a whole. */
  storeId: string;
  amountMicros: bigint;
  /** One sentence or code that says what came. */
  reason: string;
};

/** Adjustments of metrics that the report shows, the earliest event first. */
export function adjustmentItems(
  { model, catalog }: { model: OperatingModel; catalog: Catalog },
  adjustments: readonly PriorPeriodAdjustment[],
): AdjustmentItem[] {
  const places = placesOf(model);
  return adjustments
    .flatMap((one): AdjustmentItem[] => {
      const place = places.find(({ storeId }) => storeId === one.storeId);
      const metric = catalog.get(one.metric);
      if (!place || !metric || !model.report.metrics.includes(one.metric)) return [];
      const currency = currencyAt(place, metric);
      const amount = printValue(one.amountMicros, currency, metric.unit === 'count')!;
      return [
        { eventDate: one.eventDate, title: metric.title, place: place.name, amount, currency, reason: one.reason },
      ];
    })
    .sort((a, b) => a.eventDate.localeCompare(b.eventDate));
}
