import type { OperatingModel, Source } from '../../schemas/operating-model.ts';
import { addDays, dayBounds, localDateTimeToInstant } from '../business-day.ts';
import { parseDuration } from '../duration.ts';

/** Data is complete at the end of the store's business day plus the contract's SLA. Epoch ms. */
export function sourceDueAt(model: OperatingModel, source: Source, date: string): number {
  const { timezone, cutOff } = model.stores.find((store) => store.id === source.store) ?? model.client;
  return dayBounds(date, timezone, cutOff).endMs + parseDuration(source.contract.sla).ms;
}

/**
 * When the report of a day is due: the first `deliverBy` after the night's start, in the client's zone. Epoch ms; null
 * where the report promises no time.
 */
export function reportDueAt({ client, report }: OperatingModel, date: string): number | null {
  const { at, deliverBy } = report.schedule;
  if (deliverBy === undefined) return null;
  const day = addDays(date, deliverBy > at ? 1 : 2);
  return Number(localDateTimeToInstant(`${day}T${deliverBy}:00`, client.timezone));
}
