import type { OperatingModel } from '../../schemas/operating-model.ts';
import { dayBounds } from '../business-day.ts';

/** A business day as a platform in that zone has it: from midnight to midnight. Instants are epoch ms. */
export type ZoneDay = { zone: string; startMs: number; endMs: number };

const NAMES = new Set(['client', 'store']);

/** The zones in which a platform may count a client's days: UTC, and every zone that the operating model states. */
export function zoneDays({ client, stores, sources }: OperatingModel, date: string): ZoneDay[] {
  const stated = sources.flatMap(({ mapping }) => mapping.occurredAt.zone ?? []).filter((zone) => !NAMES.has(zone));
  const zones = new Set(['UTC', client.timezone, ...stores.map((store) => store.timezone), ...stated]);
  return [...zones].map((zone) => ({ zone, ...dayBounds(date, zone) }));
}
