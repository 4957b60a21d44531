import type { Catalog } from '../../domain/metrics/catalog.ts';
import { revisionReasonWords } from '../../domain/publish/revision-reason.ts';
import type { AdjustmentItem } from '../../infra/mail/report/view.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { postedTo } from '../../infra/postgres/period/adjustments.ts';
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
  /** In words. */
  reason: string;
};

/** What was posted about one number is one line: what is taken back again leaves none. */
function summed(adjustments: readonly PriorPeriodAdjustment[]): PriorPeriodAdjustment[] {
  const byNumber = Map.groupBy(adjustments, (one) => `${one.eventDate}/${one.storeId}/${one.metric}`);
  return [...byNumber.values()]
    .map((own) => ({
      ...own[0]!,
      amountMicros: own.reduce((sum, one) => sum + one.amountMicros, 0n),
      reason: [...new Set(own.map((one) => one.reason))].join(', '),
    }))
    .filter((one) => one.amountMicros !== 0n);
}

/**
 * Adjustments of metrics that the report shows, the earliest event first, and of one day in the order of the report.
 */
export function adjustmentItems(
  { model, catalog }: { model: OperatingModel; catalog: Catalog },
  adjustments: readonly PriorPeriodAdjustment[],
): AdjustmentItem[] {
  const places = placesOf(model);
  const order = ({ metric }: PriorPeriodAdjustment) => model.report.metrics.indexOf(metric);
  return summed(adjustments)
    .sort((a, b) => a.eventDate.localeCompare(b.eventDate) || order(a) - order(b))
    .flatMap((one): AdjustmentItem[] => {
      const place = places.find(({ storeId }) => storeId === one.storeId);
      const metric = catalog.get(one.metric);
      if (!place || !metric || order(one) < 0) return [];
      const currency = currencyAt(place, metric);
      const amount = printValue(one.amountMicros, currency, metric.unit === 'count')!;
      return [
        { eventDate: one.eventDate, title: metric.title, place: place.name, amount, currency, reason: one.reason },
      ];
    });
}

/** What was posted to a month about days of earlier ones. */
export async function readAdjustments(db: Db, clientId: string, month: string): Promise<PriorPeriodAdjustment[]> {
  return (await postedTo(db, clientId, month)).map((row) => ({
    eventDate: row.business_date,
    metric: row.metric,
    storeId: row.store_id,
    amountMicros: row.amount_micros,
    reason: revisionReasonWords(row.reason),
  }));
}
